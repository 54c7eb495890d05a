package org.qrm.core.plugin;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.call.Patience;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine does with plug-ins. */
public final class PluginSteps {

    private static final Logger LOG = LoggerFactory.getLogger(PluginSteps.class);

    /** An installation may copy a whole machine. */
    private static final Duration LONG = Duration.ofHours(8);

    private static final Duration UNINSTALL = Duration.ofHours(2);
    private static final Duration REGISTER = Duration.ofMinutes(1);

    private final Database database;
    private final PluginCalls calls;
    private final PresentPlugins present;
    private final ActingPlugins acting;
    private final PluginUse use;
    private final PluginConfigurations configurations;
    private final UnansweredQuestions unanswered;
    private final Answers accepted;
    private final Patience patience = new Patience(Clock.systemUTC());

    public PluginSteps(
            Database database,
            PluginCalls calls,
            PresentPlugins present,
            ActingPlugins acting,
            PluginUse use,
            PluginConfigurations configurations,
            UnansweredQuestions unanswered,
            Seal seal) {
        this.database = database;
        this.calls = calls;
        this.present = present;
        this.acting = acting;
        this.use = use;
        this.configurations = configurations;
        this.unanswered = unanswered;
        this.accepted = new Answers(seal);
    }

    public List<OperationKind> kinds() {
        return List.of(
                new Kind(PluginAction.REGISTER, List.of(step(PluginAction.REGISTER, REGISTER, this::register), act())),
                new Kind(
                        PluginAction.INSTALL,
                        List.of(step(PluginAction.INSTALL, LONG, work -> advance(work, PluginAction.INSTALL)), act())),
                new Kind(
                        PluginAction.RUN_ONCE,
                        List.of(step(PluginAction.RUN_ONCE, LONG, work -> advance(work, PluginAction.RUN_ONCE)))),
                new Kind(PluginAction.UNINSTALL, List.of(step(PluginAction.UNINSTALL, UNINSTALL, this::uninstall))));
    }

    private static Step step(PluginAction action, Duration limit, Step.Action body) {
        return new Step(action.word(), limit, body);
    }

    /** What it brings is at work when the operation ends. */
    private Step act() {
        return new Step("act", REGISTER, work -> {
            acting.settle();
            return Step.Outcome.DONE;
        });
    }

    static String kind(PluginAction action) {
        return "plugin." + action.word();
    }

    private Step.Outcome register(Work work) {
        String id = id(work);
        Optional<PresentPlugins.Present> plugin = present.find(id);
        if (plugin.isEmpty()) {
            return patience.rest(work, PluginService.missing(PluginAction.REGISTER.attempt(), id));
        }
        return work.complete(change -> {
            if (PluginRows.lock(change.handle(), id).isEmpty()) {
                PluginLifeCycle.TABLE.check(id, PluginState.AVAILABLE, PluginState.REGISTERED);
                PluginRows.insert(change.handle(), id, PluginState.REGISTERED, plugin.get());
                tell(change, id, "registered");
                change.afterCommit(acting::look);
            }
        });
    }

    /** Installs or runs once; again if that was done already, which every plug-in bears. */
    private Step.Outcome advance(Work work, PluginAction action) {
        String id = id(work);
        PluginRow row = row(id);
        PluginLifeCycle.check(id, action, row.state(), present.wizard(id).isPresent());
        if (action == PluginAction.RUN_ONCE && PluginLifeCycle.isDone(action, row.state())) {
            work.log("It is active already.");
            return Step.Outcome.DONE;
        }
        Optional<PresentPlugins.Present> plugin = present.find(id);
        if (plugin.isEmpty()) {
            return patience.rest(work, PluginService.missing(action.attempt(), id));
        }
        patience.over(work);
        unanswered.refuseWithout(action.attempt(), id);
        work.change(change -> {
            accepted.refuseWithout(change.handle(), action.attempt(), id);
            PluginRows.touch(change.handle(), id);
            return null;
        });
        if (action == PluginAction.INSTALL) {
            call(work, plugin.get().plugin(), LONG, Plugin::install);
            return work.complete(change -> reach(change, id, PluginState.INSTALLED, "installed"));
        }
        call(work, plugin.get().plugin(), LONG, Plugin::runOnce);
        return work.complete(change -> reach(change, id, PluginState.ACTIVE, "active"));
    }

    private Step.Outcome uninstall(Work work) {
        String id = id(work);
        boolean force = work.parameters(OfPlugin.class).force();
        PluginRow row = row(id);
        Optional<PresentPlugins.Present> plugin = present.find(id);
        if (plugin.isEmpty() && row.touched() && !force) {
            return patience.rest(work, PluginService.missingToUninstall(id));
        }
        patience.over(work);
        // what was made since it was asked for
        work.change(change -> {
            PluginRows.lock(change.handle(), id);
            use.refuse(change.handle(), id);
            return null;
        });
        boolean clean = !row.touched()
                || plugin.map(there -> takeAway(work, there, force)).orElse(false);
        return work.complete(change -> forget(change, id, clean));
    }

    /** Whether the plug-in has done so; when it fails and that is to be no matter, the log says why. */
    private boolean takeAway(Work work, PresentPlugins.Present plugin, boolean force) {
        try {
            call(work, plugin.plugin(), UNINSTALL, Plugin::uninstall);
            return true;
        } catch (QrmException failed) {
            Database.throwIfLost(failed);
            if (!force) {
                throw failed;
            }
            work.log("Forced although " + failed.getMessage());
            return false;
        }
    }

    private void forget(Change change, String id, boolean clean) {
        PluginRows.lock(change.handle(), id).ifPresent(row -> {
            PluginLifeCycle.TABLE.check(id, row.state(), PluginState.AVAILABLE);
            PluginRows.delete(change.handle(), id);
            MissingPlugins.resolve(change, id);
            UnansweredQuestions.resolve(change, id);
            Answers.tell(change, id, Map.of());
            if (clean) {
                tell(change, id, "uninstalled");
            } else {
                tellWhatStays(change, id);
            }
            change.afterCommit(acting::look);
            change.afterCommit(() -> removeConfiguration(id));
        });
    }

    private void tellWhatStays(Change change, String id) {
        List<String> made = use.made(change.handle(), id);
        change.event(
                Priority.WARNING,
                "plugin.state",
                PluginService.lane(id),
                "Plug-in " + id + " is uninstalled by force. What it made stays: "
                        + (made.isEmpty() ? "no image is marked as made by it" : String.join("; ", made))
                        + "; of files on machines and storage servers only the plug-in knows.",
                null);
    }

    private void removeConfiguration(String id) {
        try {
            configurations.remove(id);
        } catch (UncheckedIOException failed) {
            LOG.warn("The configuration of plug-in {} is removed at the next start", id, failed);
        }
    }

    private interface PluginMethod {
        void on(Plugin plugin, WorkContext work);
    }

    private void call(Work work, Plugin plugin, Duration limit, PluginMethod method) {
        work.assertHeld();
        calls.call(plugin, "plug-in " + id(work), limit, work, context -> {
            method.on(plugin, context);
            return null;
        });
    }

    private static void reach(Change change, String id, PluginState target, String word) {
        PluginRow row = PluginRows.lock(change.handle(), id)
                .orElseThrow(() -> QrmException.notFound("change plug-in", "plug-in", id));
        if (row.state().compareTo(target) >= 0) {
            return;
        }
        boolean passesThrough = row.state() == PluginState.REGISTERED;
        if (passesThrough) {
            PluginLifeCycle.TABLE.check(id, row.state(), PluginState.CONFIGURED);
        }
        PluginLifeCycle.TABLE.check(id, passesThrough ? PluginState.CONFIGURED : row.state(), target);
        PluginRows.setState(change.handle(), id, target);
        tell(change, id, word);
    }

    static void tell(Change change, String id, String word) {
        change.event(
                Priority.INFO, "plugin.state", PluginService.lane(id), "Plug-in " + id + " is " + word + ".", null);
    }

    private PluginRow row(String id) {
        return database.read(handle -> PluginRows.find(handle, id))
                .orElseGet(() -> new PluginRow(id, PluginState.AVAILABLE, "", "", false));
    }

    private static String id(Work work) {
        return work.parameters(OfPlugin.class).plugin();
    }

    /** What an operation on a plug-in is asked for. */
    record OfPlugin(String plugin, boolean force) {}

    /** One action as an operation. A failure leaves the plug-in where it stood. */
    private record Kind(PluginAction action, List<Step> steps) implements OperationKind {

        @Override
        public String name() {
            return kind(action);
        }

        @Override
        public void undo(Work work, Problem why) {
            if (action == PluginAction.INSTALL) {
                work.log("What was made so far may be there: install again to go on, or uninstall to take it away.");
            }
        }
    }
}
