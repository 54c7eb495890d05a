package org.qrm.core.plugin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.Seal;

/** The table of accepted answers. Secret ones are sealed in it, each for its plug-in and question. */
final class Answers {

    /** Of the event that tells of answers that cannot be opened. */
    static final String UNREADABLE = "plugin.unreadable-answer";

    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            row.getString("plugin"),
            row.getString("question"),
            row.getString("answer"),
            row.getBoolean("secret"),
            row.getString("sealed"));

    private final Seal seal;

    Answers(Seal seal) {
        this.seal = seal;
    }

    private record Row(String plugin, String question, String answer, boolean secret, String sealed) {

        boolean isInClear() {
            return secret && sealed == null;
        }

        String place() {
            return "answer to " + question + " of plug-in " + plugin;
        }
    }

    Map<String, Answer> of(Handle handle, String plugin) {
        Map<String, Answer> answers = new TreeMap<>();
        handle.createQuery("select * from plugin_answer where plugin = :plugin")
                .bind("plugin", plugin)
                .map(ROW)
                .forEach(row -> answers.put(row.question, opened(row)));
        return answers;
    }

    /** Of each plug-in the questions that are answered, and whether the answer is more than nothing; secret ones count as such. */
    static Map<String, Map<String, Boolean>> answered(Handle handle) {
        Map<String, Map<String, Boolean>> answered = new TreeMap<>();
        handle.createQuery("select * from plugin_answer")
                .map(ROW)
                .forEach(row -> answered.computeIfAbsent(row.plugin, plugin -> new TreeMap<>())
                        .put(row.question, row.secret || !row.answer.isEmpty()));
        return answered;
    }

    private Answer opened(Row row) {
        if (row.sealed == null) {
            return new Answer(row.answer, row.secret);
        }
        try {
            return new Answer(seal.open(row.place(), row.sealed), true);
        } catch (QrmException closed) {
            return new Answer(
                    "",
                    true,
                    closed.problem().reason() + ". " + closed.problem().remedy());
        }
    }

    /** Replaces those that are there. */
    void set(Change change, String plugin, Map<String, Answer> answers) {
        change.handle().execute("delete from plugin_answer where plugin = ?", plugin);
        answers.forEach((question, answer) ->
                insert(change.handle(), new Row(plugin, question, answer.text(), answer.secret(), null)));
        tell(change, plugin, answers);
    }

    private void insert(Handle handle, Row row) {
        handle.execute(
                "insert into plugin_answer (plugin, question, answer, secret, sealed) values (?, ?, ?, ?, ?)",
                row.plugin,
                row.question,
                row.secret ? "" : row.answer,
                row.secret,
                row.isInClear() ? seal.seal(row.place(), row.answer) : row.sealed);
    }

    /**
     * Seals what an earlier release left in clear. The table is filled anew: of a row that is only changed the database's files
     * would hold for a while what it was.
     *
     * @return how many there were
     */
    long sealThoseInClear(Handle handle) {
        handle.execute("lock table plugin_answer in exclusive mode");
        List<Row> rows =
                handle.createQuery("select * from plugin_answer").map(ROW).list();
        long inClear = rows.stream().filter(Row::isInClear).count();
        if (inClear > 0) {
            handle.execute("truncate table plugin_answer");
            rows.forEach(row -> insert(handle, row));
        }
        return inClear;
    }

    /** Tells once of answers that cannot be opened, and when that is over. */
    static void tell(Change change, String plugin, Map<String, Answer> answers) {
        String subject = PluginService.lane(plugin);
        String lost = unreadable(answers);
        if (lost.isEmpty()) {
            EventRows.resolve(change.handle(), UNREADABLE, subject);
        } else if (!EventRows.isOpen(change.handle(), UNREADABLE, subject)) {
            change.event(
                    Priority.ERROR,
                    UNREADABLE,
                    subject,
                    "Plug-in " + plugin + " is without an answer to " + lost + " Its wizard asks for it again.",
                    null);
        }
    }

    /** @throws QrmException CONFLICT while one of its answers cannot be opened */
    void refuseWithout(Handle handle, String attempted, String plugin) {
        String lost = unreadable(of(handle, plugin));
        if (!lost.isEmpty()) {
            throw QrmException.conflict(
                    attempted, plugin, "it is without an answer to " + lost, "Answer its wizard again.");
        }
    }

    /** The questions, and why: the same for all of them. */
    private static String unreadable(Map<String, Answer> answers) {
        List<String> questions = answers.entrySet().stream()
                .filter(each -> !each.getValue().isReadable())
                .map(Map.Entry::getKey)
                .toList();
        return questions.isEmpty()
                ? ""
                : String.join(", ", questions) + ": "
                        + answers.get(questions.get(0)).unreadable();
    }
}
