package org.qrm.core.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.plugin.Question;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.core.plugin.Answer;
import org.qrm.core.plugin.AnswerCheck;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Seal;

/**
 * What plug-ins are answered about machines that have not come yet. It becomes what they are answered about the machine when that
 * is admitted, and stays here as long as the machine is expected.
 */
public final class ExpectedSettings {

    private final Seal seal;
    private final ResourceAnswerRows machines;
    private final Supplier<List<ObjectQuestions>> asking;

    /** @param asking the questions of the plug-ins that are registered and there now */
    public ExpectedSettings(Seal seal, Supplier<List<ObjectQuestions>> asking) {
        this.seal = seal;
        this.machines = new ResourceAnswerRows(seal);
        this.asking = asking;
    }

    /**
     * Answers to one plug-in.
     *
     * @param answers by question; complete where nothing is wrong
     * @param problems what is wrong, by question
     */
    public record Checked(Map<String, Answer> answers, Map<String, String> problems) {}

    /** What the plug-ins ask about machines, by their ids. */
    public Map<String, List<String>> questions() {
        return asking.get().stream()
                .filter(each -> each.kind() == ObjectKind.RESOURCE)
                .collect(Collectors.toMap(
                        ObjectQuestions::plugin,
                        each -> each.questions().stream().map(Question::name).toList(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /**
     * Checks answers about one machine; asks the plug-in, so not in a transaction.
     *
     * @param given to some of its questions; the others are answered by their defaults
     * @throws QrmException NOT_FOUND for a plug-in that asks nothing; INVALID for an answer to no question
     */
    public Checked check(String attempted, String plugin, Map<String, String> given) {
        ObjectQuestions questions = asking.get().stream()
                .filter(each ->
                        each.kind() == ObjectKind.RESOURCE && each.plugin().equals(plugin))
                .findFirst()
                .orElseThrow(() -> QrmException.notFound(attempted, "plug-in that asks about machines", plugin));
        AnswerCheck check = new AnswerCheck(
                new AnswerCheck.Asked(attempted, plugin, "plug-in " + plugin, false),
                questions.questions(),
                given,
                Map.of());
        Map<String, Answer> answers = new TreeMap<>();
        questions
                .questions()
                .forEach(question -> answers.put(
                        question.name(),
                        new Answer(check.answers().get(question.name()), question.type() == Question.Type.SECRET)));
        return new Checked(
                answers, check.problems().isEmpty() ? questions.validate(check.answers()) : check.problems());
    }

    /**
     * In place of what these plug-ins were answered before.
     *
     * @throws QrmException INVALID when they are too long together
     */
    public void store(Change change, long expected, Map<String, Map<String, Answer>> answers) {
        answers.forEach((plugin, complete) -> {
            SealedAnswers row = SealedAnswers.of(seal, plugin, place(expected, plugin), complete);
            change.handle()
                    .execute(
                            "delete from expected_machine_answer where expected_id = ? and plugin = ?",
                            expected,
                            plugin);
            change.handle()
                    .execute(
                            "insert into expected_machine_answer (expected_id, plugin, answers, sealed)"
                                    + " values (?, ?, ?, ?)",
                            expected,
                            plugin,
                            row.answers(),
                            row.sealed());
        });
    }

    private Optional<Map<String, Answer>> opened(SealedAnswers row, String place) {
        try {
            return Optional.of(row.open(seal, place));
        } catch (QrmException closed) {
            return Optional.empty();
        }
    }

    /** Makes it what the plug-ins are answered about a machine, but for those that somebody has answered already. */
    public void apply(Change change, long expected, ResourceRow machine) {
        find(change.handle(), expected).forEach((plugin, row) -> {
            if (ResourceAnswerRows.isAnswered(change.handle(), machine.id(), plugin)) {
                return;
            }
            Optional<Map<String, Answer>> answers = opened(row, place(expected, plugin));
            answers.ifPresent(complete -> machines.set(change, machine.id(), plugin, complete));
            change.event(
                    answers.isPresent() ? Priority.INFO : Priority.WARNING,
                    "resource.configured",
                    ResourceService.lane(machine.id()),
                    "Resource " + machine.resource().name()
                            + (answers.isPresent()
                                    ? " was configured for plug-in " + plugin + ", as it was expected"
                                    : " was not configured for plug-in " + plugin
                                            + ": the secrets of the list cannot be opened with this server's key"),
                    machine.id());
        });
    }

    private static Map<String, SealedAnswers> find(Handle handle, long expected) {
        Map<String, SealedAnswers> all = new TreeMap<>();
        handle.createQuery("select plugin, answers, sealed from expected_machine_answer where expected_id = :id")
                .bind("id", expected)
                .map((row, context) -> Map.entry(row.getString("plugin"), SealedAnswers.in(row)))
                .forEach(row -> all.put(row.getKey(), row.getValue()));
        return all;
    }

    private static String place(long expected, String plugin) {
        return "what plug-in " + plugin + " is to be answered about expected machine " + expected;
    }
}
