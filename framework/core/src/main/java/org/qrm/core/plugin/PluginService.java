package org.qrm.core.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.Operations;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.plugin.Question;
import org.qrm.api.plugin.WizardAnswers;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plug-ins of this server. Where one stands survives the absence of its bundle. */
public final class PluginService implements Plugins {

    private static final Logger LOG = LoggerFactory.getLogger(PluginService.class);
    private static final String NOUN = "plug-in";
    private static final String CONFIGURE = "configure plug-in";
    private static final String KEEP = "keep answers for plug-in";
    private static final Duration VALIDATION = Duration.ofSeconds(60);
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private final Database database;
    private final OperationEngine engine;
    private final Operations operations;
    private final PluginCalls calls;
    private final PresentPlugins present;
    private final ActingPlugins acting;
    private final PluginUse use;
    private final PluginConfigurations configurations;
    private final UnansweredQuestions unanswered;
    private final Answers accepted;

    public PluginService(
            Database database,
            OperationEngine engine,
            Operations operations,
            PluginCalls calls,
            PresentPlugins present,
            ActingPlugins acting,
            PluginUse use,
            PluginConfigurations configurations,
            UnansweredQuestions unanswered,
            Seal seal) {
        this.database = database;
        this.engine = engine;
        this.operations = operations;
        this.calls = calls;
        this.present = present;
        this.acting = acting;
        this.use = use;
        this.configurations = configurations;
        this.unanswered = unanswered;
        this.accepted = new Answers(seal);
    }

    /** Writes all accepted answers to configurations again, and removes those that have no plug-in any more. */
    public void restoreConfigurations() {
        sealAnswers();
        List<PluginRow> rows = database.read(PluginRows::list);
        List<String> known = rows.stream().map(PluginRow::id).toList();
        configurations.configured().stream().filter(id -> !known.contains(id)).forEach(configurations::remove);
        for (String id : known) {
            Map<String, Answer> answers = database.change(change -> {
                Map<String, Answer> all = accepted.of(change.handle(), id);
                Answers.tell(change, id, all);
                return all;
            });
            if (!answers.isEmpty()) {
                configurations.put(id, answers);
            }
        }
    }

    private void sealAnswers() {
        try {
            long sealed = database.change(change -> accepted.sealThoseInClear(change.handle()));
            if (sealed > 0) {
                LOG.info("Sealed {} secret answers of plug-ins that an earlier release kept in clear", sealed);
            }
        } catch (RuntimeException failed) {
            LOG.error(
                    "Secret answers of plug-ins are in the database in clear; trying again at the next start", failed);
        }
    }

    @Override
    public List<PluginDescription> list() {
        Map<String, PluginDescription> all = new TreeMap<>();
        present.all().keySet().forEach(id -> all.put(id, describe(id, null)));
        database.read(PluginRows::list).forEach(row -> all.put(row.id(), describe(row.id(), row)));
        return new ArrayList<>(all.values());
    }

    @Override
    public Optional<PluginDescription> find(String id) {
        PluginRow row = database.read(handle -> PluginRows.find(handle, id)).orElse(null);
        return row == null && present.find(id).isEmpty() ? Optional.empty() : Optional.of(describe(id, row));
    }

    private PluginDescription describe(String id, PluginRow row) {
        Optional<PresentPlugins.Present> now = present.find(id);
        PluginState state = row == null ? PluginState.AVAILABLE : row.state();
        boolean wizard = present.wizard(id).isPresent();
        return new PluginDescription(
                id,
                now.map(PresentPlugins.Present::description).orElse(row == null ? "" : row.description()),
                now.map(PresentPlugins.Present::version).orElse(row == null ? "" : row.version()),
                state,
                now.isPresent(),
                wizard,
                unanswered.of(id),
                actions(id, PluginLifeCycle.actions(state, now.isPresent(), wizard)));
    }

    /** What is refused while answers are missing leads nowhere. */
    private List<PluginAction> actions(String id, List<PluginAction> possible) {
        return unanswered.of(id).isEmpty()
                ? possible
                : possible.stream()
                        .filter(action -> action != PluginAction.INSTALL && action != PluginAction.RUN_ONCE)
                        .toList();
    }

    @Override
    public boolean acts(Map<String, ?> service) {
        return acting.acts(service);
    }

    @Override
    public Operation act(String id, PluginAction action, boolean force) {
        String attempted = action.attempt();
        if (action == PluginAction.UNINSTALL) {
            database.read(handle -> {
                use.refuse(handle, id);
                return null;
            });
            if (!force) {
                present.checkUninstall(id);
            }
        }
        if (PluginLifeCycle.needsAnswers(action)) {
            unanswered.refuseWithout(attempted, id);
        }
        Operation operation = engine.asked(change -> {
            PluginRow row = known(change.handle(), attempted, id);
            PluginLifeCycle.check(id, action, row.state(), present.wizard(id).isPresent());
            boolean withoutBundle = action == PluginAction.UNINSTALL && (force || !row.touched());
            if (present.find(id).isEmpty() && !withoutBundle) {
                throw action == PluginAction.UNINSTALL ? missingToUninstall(id) : missing(attempted, id);
            }
            if (PluginLifeCycle.needsAnswers(action)) {
                accepted.refuseWithout(change.handle(), attempted, id);
            }
            String lane = lane(id);
            return engine.submit(
                    change, PluginSteps.kind(action), lane, new PluginSteps.OfPlugin(id, force), List.of(lane));
        });
        return action == PluginAction.REGISTER ? ended(operation) : operation;
    }

    /** Registration only writes a row: whoever asks for it finds it done. */
    private Operation ended(Operation operation) {
        try {
            return operations.await(operation.id(), AT_ONCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return operation;
        }
    }

    @Override
    public List<Question> questions(String id) {
        known("read questions of plug-in", id);
        return present.questions(id);
    }

    @Override
    public Map<String, String> answers(String id) {
        known("read answers of plug-in", id);
        return database.read(handle -> shown(handle, id));
    }

    private Map<String, String> shown(Handle handle, String id) {
        Map<String, String> shown = new LinkedHashMap<>();
        accepted.of(handle, id).forEach((question, answer) -> {
            if (!answer.secret()) {
                shown.put(question, answer.text());
            }
        });
        return shown;
    }

    private WizardAnswers wizard(Handle handle, String id) {
        return new WizardAnswers(shown(handle, id), PluginRows.draft(handle, id));
    }

    @Override
    public Map<String, String> answer(String id, Map<String, String> given, Expected<WizardAnswers> expected) {
        refuseBeforeRegistration(known(CONFIGURE, id));
        ConfigurationWizard wizard = present.wizard(id).orElseThrow(() -> withoutWizard(id));
        List<Question> questions = present.questions(id);
        Map<String, Answer> before = database.read(handle -> accepted.of(handle, id));
        AnswerCheck check = new AnswerCheck(AnswerCheck.Asked.byWizard(id), questions, given, before);
        Map<String, String> problems = check.problems();
        if (problems.isEmpty()) {
            problems = calls.call(
                    wizard,
                    "the wizard of plug-in " + id,
                    VALIDATION,
                    null,
                    () -> new LinkedHashMap<>(wizard.validate(new LinkedHashMap<>(check.answers()))));
        }
        if (problems.isEmpty()) {
            store(id, questions, check.answers(), before, expected);
        } else {
            keepDraft(id, given, expected);
        }
        return problems;
    }

    @Override
    public String effect(String id) {
        PluginRow row = known("read answers of plug-in", id);
        return row.state().compareTo(PluginState.INSTALLED) < 0 ? "" : present.effect(id);
    }

    @Override
    public Map<String, String> draft(String id) {
        known("read answers of plug-in", id);
        return database.read(handle -> PluginRows.draft(handle, id));
    }

    @Override
    public void keepDraft(String id, Map<String, String> given) {
        keepDraft(id, given, Expected.any());
    }

    private void keepDraft(String id, Map<String, String> given, Expected<WizardAnswers> expected) {
        known(KEEP, id);
        Map<String, String> kept = AnswerCheck.draft(id, present.questions(id), given);
        database.change(change -> {
            refuseBeforeRegistration(known(change.handle(), KEEP, id));
            expected.check(wizard(change.handle(), id));
            PluginRows.setDraft(change.handle(), id, kept);
            return null;
        });
    }

    /**
     * One after the other, so that the configuration holds what the rows hold.
     *
     * @param before the answers that were there when these were validated
     */
    private synchronized void store(
            String id,
            List<Question> questions,
            Map<String, String> texts,
            Map<String, Answer> before,
            Expected<WizardAnswers> expected) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        questions.forEach(question -> answers.put(
                Name.checked(CONFIGURE, "question", question.name()),
                new Answer(texts.get(question.name()), question.type() == Question.Type.SECRET)));
        database.change(change -> {
            PluginRow row = known(change.handle(), CONFIGURE, id);
            refuseBeforeRegistration(row);
            expected.check(wizard(change.handle(), id));
            if (!accepted.of(change.handle(), id).equals(before)) {
                // answers that were left out, secrets for one, were completed from those before
                throw QrmException.conflict(
                        CONFIGURE,
                        id,
                        "somebody else has answered while these answers were being validated",
                        "Read the answers again, and decide anew.");
            }
            accepted.set(change, id, answers);
            PluginRows.endDraft(change.handle(), id);
            if (row.state() == PluginState.REGISTERED) {
                PluginLifeCycle.TABLE.check(id, row.state(), PluginState.CONFIGURED);
                PluginRows.setState(change.handle(), id, PluginState.CONFIGURED);
            }
            return null;
        });
        configurations.put(id, answers);
        unanswered.await();
    }

    private static void refuseBeforeRegistration(PluginRow row) {
        if (row.state() == PluginState.AVAILABLE) {
            throw QrmException.conflict(CONFIGURE, row.id(), "it is not registered", "Register it first.");
        }
    }

    private PluginRow known(String attempted, String id) {
        return database.read(handle -> known(handle, attempted, id));
    }

    /** Its row, or one that stands for an available plug-in; locked if the handle is in a change. */
    private PluginRow known(Handle handle, String attempted, String id) {
        Optional<PluginRow> row = handle.isInTransaction() ? PluginRows.lock(handle, id) : PluginRows.find(handle, id);
        if (row.isEmpty() && present.find(id).isEmpty()) {
            throw QrmException.notFound(attempted, NOUN, Name.printable(id));
        }
        return row.orElseGet(() -> new PluginRow(id, PluginState.AVAILABLE, "", "", false));
    }

    private QrmException withoutWizard(String id) {
        return present.find(id).isEmpty()
                ? missing(CONFIGURE, id)
                : QrmException.conflict(CONFIGURE, id, "it has no wizard", "Install it; it asks nothing.");
    }

    static QrmException missing(String attempted, String id) {
        return missing(attempted, id, "Deploy or start the bundle, then try again.");
    }

    static QrmException missingToUninstall(String id) {
        return missing(
                PluginAction.UNINSTALL.attempt(),
                id,
                "Deploy or start the bundle, then try again; or uninstall it by force, which leaves what it made.");
    }

    private static QrmException missing(String attempted, String id, String remedy) {
        return new QrmException(
                new Problem(Problem.Kind.UNAVAILABLE, attempted, id, "its bundle is not there now", remedy));
    }

    /** Subject of its operations, and the lane on which they run one after the other. */
    static String lane(String id) {
        return "plugin/" + id;
    }
}
