package org.qrm.core.settings;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.core.plugin.Answer;
import org.qrm.core.plugin.AnswerCheck;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;

/** Keeps what plug-ins were answered about machines. */
public final class ObjectSettingsService implements ObjectSettings {

    static final String CONFIGURE = "configure resource";
    private static final String READ = "read settings of resource";

    private final Database database;
    private final ResourceRows resources;
    private final ResourceAnswerRows rows;
    private final Supplier<List<ObjectQuestions>> asking;
    private final LongConsumer answered;

    /**
     * @param asking the questions of the plug-ins that are registered and there now
     * @param answered hears of each machine about which something else is answered now
     */
    public ObjectSettingsService(
            Database database,
            ResourceRows resources,
            Seal seal,
            Supplier<List<ObjectQuestions>> asking,
            LongConsumer answered) {
        this.database = database;
        this.resources = resources;
        this.rows = new ResourceAnswerRows(seal);
        this.asking = asking;
        this.answered = answered;
    }

    @Override
    public List<ObjectAnswers> list(ObjectKind kind, String object) {
        ResourceRow row = database.read(handle -> resource(handle, READ, object));
        Map<String, Map<String, String>> answers = database.read(handle -> ResourceAnswerRows.shown(handle, row.id()));
        return asking.get().stream()
                .filter(each -> each.kind() == kind)
                .sorted(Comparator.comparing(ObjectQuestions::plugin))
                .map(each -> new ObjectAnswers(
                        each.plugin(),
                        questions(each, row.resource()),
                        answers.containsKey(each.plugin()),
                        answers.getOrDefault(each.plugin(), Map.of())))
                .toList();
    }

    @Override
    public Map<String, String> set(ObjectKind kind, String object, String plugin, Map<String, String> given) {
        ObjectQuestions questions = asking.get().stream()
                .filter(each -> each.kind() == kind && each.plugin().equals(plugin))
                .findFirst()
                .orElseThrow(() -> QrmException.notFound(
                        "configure resource for plug-in", "plug-in that asks about it", Name.printable(plugin)));
        List<String> secrets = questions.questions().stream()
                .filter(ObjectSettingsService::isSecret)
                .map(Question::name)
                .toList();
        ResourceRow row = database.read(handle -> resource(handle, CONFIGURE, object));
        Map<String, Answer> before = database.read(handle -> rows.before(handle, row.id(), plugin, secrets));
        AnswerCheck check = new AnswerCheck(
                new AnswerCheck.Asked(CONFIGURE, object, "plug-in " + plugin, false),
                questions(questions, row.resource()),
                given,
                before);
        Map<String, String> problems =
                check.problems().isEmpty() ? questions.validate(check.answers()) : check.problems();
        if (problems.isEmpty()) {
            store(object, questions, secrets, check.answers(), before);
        }
        return problems;
    }

    /** With what is proposed about that machine in place of defaults. */
    private static List<Question> questions(ObjectQuestions of, Resource machine) {
        Map<String, String> proposals = of.proposals(machine);
        return of.questions().stream()
                .map(question -> new Question(
                        question.name(),
                        question.text(),
                        question.type(),
                        proposals.getOrDefault(question.name(), question.defaultAnswer()),
                        question.required(),
                        question.choices()))
                .toList();
    }

    private void store(
            String object,
            ObjectQuestions questions,
            List<String> secrets,
            Map<String, String> texts,
            Map<String, Answer> before) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        texts.forEach((question, text) -> answers.put(question, new Answer(text, secrets.contains(question))));
        String plugin = questions.plugin();
        database.change(change -> {
            ResourceRow row = resource(change.handle(), CONFIGURE, object);
            if (!rows.before(change.handle(), row.id(), plugin, secrets).equals(before)) {
                // a secret that was left out was completed from those before
                throw QrmException.conflict(
                        CONFIGURE, object, "somebody else has answered meanwhile", "Read the answers again.");
            }
            rows.set(change, row.id(), plugin, answers);
            change.event(
                    Priority.INFO,
                    "resource.configured",
                    ResourceService.lane(row.id()),
                    "Resource " + row.resource().name() + " was configured for plug-in " + plugin,
                    row.id());
            change.afterCommit(() -> answered.accept(row.id()));
            return null;
        });
    }

    @Override
    public void clear(ObjectKind kind, String object, String plugin) {
        database.change(change -> {
            long id = resource(change.handle(), CONFIGURE, object).id();
            ResourceAnswerRows.clear(change, id, plugin);
            change.afterCommit(() -> answered.accept(id));
            return null;
        });
    }

    @Override
    public Optional<Map<String, String>> open(ObjectKind kind, String object, String plugin) {
        return database.read(handle -> number(object).flatMap(id -> rows.open(handle, id, plugin)));
    }

    private ResourceRow resource(Handle handle, String attempted, String object) {
        return number(object)
                .flatMap(id -> resources.find(handle, id))
                .orElseThrow(() -> QrmException.notFound(attempted, "resource", Name.printable(object)));
    }

    private static Optional<Long> number(String object) {
        return object.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(object)) : Optional.empty();
    }

    private static boolean isSecret(Question question) {
        return question.type() == Question.Type.SECRET;
    }
}
