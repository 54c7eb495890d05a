package org.qrm.core.settings;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.core.plugin.Answer;
import org.qrm.core.store.Change;
import org.qrm.core.store.Json;
import org.qrm.core.store.Seal;

/** The table of what plug-ins were answered about machines. A row goes with its machine, and with its plug-in. */
final class ResourceAnswerRows {

    /** Characters, of all answers in one column. */
    private static final int LONGEST = 16_000;

    private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

    private final Seal seal;

    ResourceAnswerRows(Seal seal) {
        this.seal = seal;
    }

    private record Row(long resource, String plugin, String answers, String sealed) {

        String place() {
            return place(resource, plugin);
        }

        static String place(long resource, String plugin) {
            return "what plug-in " + plugin + " was answered about resource " + resource;
        }
    }

    /** Those of a machine that are no secrets, by plug-in. */
    static Map<String, Map<String, String>> shown(Handle handle, long resource) {
        Map<String, Map<String, String>> all = new HashMap<>();
        handle.createQuery("select plugin, answers from resource_answer where resource_id = :id")
                .bind("id", resource)
                .map((row, context) -> Map.entry(row.getString("plugin"), row.getString("answers")))
                .forEach(row -> all.put(row.getKey(), Json.read(row.getValue(), TEXTS)));
        return all;
    }

    /**
     * All of them, with secrets.
     *
     * @return empty when it was not answered
     * @throws QrmException FAILED when they cannot be opened
     */
    Optional<Map<String, String>> open(Handle handle, long resource, String plugin) {
        return find(handle, resource, plugin).map(row -> {
            Map<String, String> all = new TreeMap<>(Json.read(row.answers, TEXTS));
            if (row.sealed != null) {
                all.putAll(Json.read(seal.open(row.place(), row.sealed), TEXTS));
            }
            return all;
        });
    }

    /** By question, secrets that cannot be opened as such. */
    Map<String, Answer> before(Handle handle, long resource, String plugin, Iterable<String> secrets) {
        Map<String, Answer> before = new LinkedHashMap<>();
        Optional<Row> row = find(handle, resource, plugin);
        row.ifPresent(there -> Json.read(there.answers, TEXTS)
                .forEach((question, text) -> before.put(question, new Answer(text, false))));
        if (row.isPresent() && row.get().sealed != null) {
            try {
                Json.read(seal.open(row.get().place(), row.get().sealed), TEXTS)
                        .forEach((question, text) -> before.put(question, new Answer(text, true)));
            } catch (QrmException closed) {
                String why = closed.problem().reason() + ". " + closed.problem().remedy();
                secrets.forEach(question -> before.put(question, new Answer("", true, why)));
            }
        }
        return before;
    }

    private static Optional<Row> find(Handle handle, long resource, String plugin) {
        return handle.createQuery("select * from resource_answer where resource_id = :id and plugin = :plugin")
                .bind("id", resource)
                .bind("plugin", plugin)
                .map((row, context) -> new Row(
                        row.getLong("resource_id"),
                        row.getString("plugin"),
                        row.getString("answers"),
                        row.getString("sealed")))
                .findOne();
    }

    /** @throws QrmException INVALID when they are too long together */
    void set(Change change, long resource, String plugin, Map<String, Answer> answers) {
        Map<String, String> open = new TreeMap<>();
        Map<String, String> secret = new TreeMap<>();
        answers.forEach((question, answer) -> (answer.secret() ? secret : open).put(question, answer.text()));
        String text = Json.write(open);
        String sealed = secret.isEmpty() ? null : seal.seal(Row.place(resource, plugin), Json.write(secret));
        if (text.length() > LONGEST || sealed != null && sealed.length() > LONGEST) {
            throw QrmException.invalid(
                    ObjectSettingsService.CONFIGURE, plugin, "the answers are too long together", "Shorten them.");
        }
        clear(change, resource, plugin);
        change.handle()
                .execute(
                        "insert into resource_answer (resource_id, plugin, answers, sealed) values (?, ?, ?, ?)",
                        resource,
                        plugin,
                        text,
                        sealed);
    }

    static void clear(Change change, long resource, String plugin) {
        change.handle().execute("delete from resource_answer where resource_id = ? and plugin = ?", resource, plugin);
    }
}
