package org.qrm.core.settings;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.core.plugin.Answer;
import org.qrm.core.store.Change;
import org.qrm.core.store.Seal;

/** The table of what plug-ins were answered about machines. A row goes with its machine, and with its plug-in. */
final class ResourceAnswerRows {

    private final Seal seal;

    ResourceAnswerRows(Seal seal) {
        this.seal = seal;
    }

    private static String place(long resource, String plugin) {
        return "what plug-in " + plugin + " was answered about resource " + resource;
    }

    /** Those of a machine that are no secrets, by plug-in. */
    static Map<String, Map<String, String>> shown(Handle handle, long resource) {
        Map<String, Map<String, String>> all = new HashMap<>();
        handle.createQuery("select plugin, answers, sealed from resource_answer where resource_id = :id")
                .bind("id", resource)
                .map((row, context) -> Map.entry(row.getString("plugin"), SealedAnswers.in(row)))
                .forEach(row -> all.put(row.getKey(), texts(row.getValue().shown())));
        return all;
    }

    /**
     * All of them, with secrets.
     *
     * @return empty when it was not answered
     * @throws QrmException FAILED when they cannot be opened
     */
    Optional<Map<String, String>> open(Handle handle, long resource, String plugin) {
        return find(handle, resource, plugin).map(row -> texts(row.open(seal, place(resource, plugin))));
    }

    private static Map<String, String> texts(Map<String, Answer> answers) {
        Map<String, String> texts = new TreeMap<>();
        answers.forEach((question, answer) -> texts.put(question, answer.text()));
        return texts;
    }

    /** By question, secrets that cannot be opened as such. */
    Map<String, Answer> before(Handle handle, long resource, String plugin, Iterable<String> secrets) {
        Optional<SealedAnswers> row = find(handle, resource, plugin);
        if (row.isEmpty()) {
            return Map.of();
        }
        Map<String, Answer> before = new LinkedHashMap<>(row.get().shown());
        try {
            before.putAll(row.get().secrets(seal, place(resource, plugin)));
        } catch (QrmException closed) {
            String why = closed.problem().reason() + ". " + closed.problem().remedy();
            secrets.forEach(question -> before.put(question, new Answer("", true, why)));
        }
        return before;
    }

    static boolean isAnswered(Handle handle, long resource, String plugin) {
        return find(handle, resource, plugin).isPresent();
    }

    private static Optional<SealedAnswers> find(Handle handle, long resource, String plugin) {
        return handle.createQuery(
                        "select answers, sealed from resource_answer where resource_id = :id and plugin = :plugin")
                .bind("id", resource)
                .bind("plugin", plugin)
                .map((row, context) -> SealedAnswers.in(row))
                .findOne();
    }

    /** @throws QrmException INVALID when they are too long together */
    void set(Change change, long resource, String plugin, Map<String, Answer> answers) {
        SealedAnswers row = SealedAnswers.of(seal, plugin, place(resource, plugin), answers);
        clear(change, resource, plugin);
        change.handle()
                .execute(
                        "insert into resource_answer (resource_id, plugin, answers, sealed) values (?, ?, ?, ?)",
                        resource,
                        plugin,
                        row.answers(),
                        row.sealed());
    }

    static void clear(Change change, long resource, String plugin) {
        change.handle().execute("delete from resource_answer where resource_id = ? and plugin = ?", resource, plugin);
    }
}
