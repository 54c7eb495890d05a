package org.qrm.core.plugin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.store.Text;

/** The plug-in tables. A plug-in that is only available has no row. */
final class PluginRows {

    private static final RowMapper<PluginRow> ROW = (row, context) -> new PluginRow(
            row.getString("id"),
            PluginState.valueOf(row.getString("state")),
            row.getString("description"),
            row.getString("version"),
            row.getBoolean("touched"));

    private PluginRows() {}

    static List<PluginRow> list(Handle handle) {
        return handle.createQuery("select * from plugin order by id").map(ROW).list();
    }

    static Optional<PluginRow> find(Handle handle, String id) {
        return handle.createQuery("select * from plugin where id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    /** Keeps others from changing it until the transaction ends. */
    static Optional<PluginRow> lock(Handle handle, String id) {
        handle.execute("update plugin set id = id where id = ?", id);
        return find(handle, id);
    }

    static void insert(Handle handle, String id, PluginState state, PresentPlugins.Present present) {
        handle.execute(
                "insert into plugin (id, state, description, version, touched) values (?, ?, ?, ?, false)",
                id,
                state.name(),
                Text.cut(present.description(), 1000),
                Text.cut(present.version(), 100));
    }

    static void setState(Handle handle, String id, PluginState state) {
        handle.execute("update plugin set state = ? where id = ?", state.name(), id);
    }

    static void touch(Handle handle, String id) {
        handle.execute("update plugin set touched = true where id = ?", id);
    }

    /** Whether the row holds what it says of itself. */
    static boolean tells(PluginRow row, PresentPlugins.Present present) {
        return row.description().equals(Text.cut(present.description(), 1000))
                && row.version().equals(Text.cut(present.version(), 100));
    }

    /** Writes down what it says of itself. */
    static void seen(Handle handle, String id, PresentPlugins.Present present) {
        handle.execute(
                "update plugin set description = ?, version = ? where id = ?",
                Text.cut(present.description(), 1000),
                Text.cut(present.version(), 100),
                id);
    }

    /** Notes that it was registered by the server itself; false if that was done before. */
    static boolean atFirst(Handle handle, String id) {
        boolean before = handle.createQuery("select plugin from plugin_at_first where plugin = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .isPresent();
        return !before && handle.execute("insert into plugin_at_first (plugin) values (?)", id) == 1;
    }

    static void delete(Handle handle, String id) {
        handle.execute("delete from plugin_answer where plugin = ?", id);
        endDraft(handle, id);
        handle.execute("delete from plugin where id = ?", id);
    }

    static Map<String, String> draft(Handle handle, String id) {
        Map<String, String> draft = new TreeMap<>();
        handle.createQuery("select question, answer from plugin_draft where plugin = :id")
                .bind("id", id)
                .map((row, context) -> Map.entry(row.getString("question"), row.getString("answer")))
                .forEach(entry -> draft.put(entry.getKey(), entry.getValue()));
        return draft;
    }

    static void endDraft(Handle handle, String id) {
        handle.execute("delete from plugin_draft where plugin = ?", id);
    }

    static void setDraft(Handle handle, String id, Map<String, String> draft) {
        endDraft(handle, id);
        draft.forEach((question, answer) -> handle.execute(
                "insert into plugin_draft (plugin, question, answer) values (?, ?, ?)", id, question, answer));
    }
}
