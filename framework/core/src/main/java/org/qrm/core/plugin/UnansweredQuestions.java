package org.qrm.core.plugin;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Question;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plug-ins that were configured and need it again: their wizard asks what has no default, must be answered and is not, as one of another
 * version may. Each is told of by an event and by the server's health until it is answered; so are answers that nothing asks for any more.
 * It looks when a plug-in or a wizard comes or goes, when a plug-in stands elsewhere, and when somebody has answered; of another server on the same
 * database nothing wakes it, so there it looks now and then.
 */
public final class UnansweredQuestions implements HealthCheck, ActingPlugins.Watcher, AutoCloseable {

    static final String TYPE = "plugin.needs-configuration";
    static final String FORMER = "plugin.former-answers";

    private static final Logger LOG = LoggerFactory.getLogger(UnansweredQuestions.class);
    private static final int PERIOD_SECONDS = 5;

    private final Database database;
    private final PresentPlugins present;
    private final ScheduledExecutorService timer;
    /** What the wizards that are there ask. */
    private final Map<String, Asked> asked = new HashMap<>();

    private final Map<String, Standing> standings = new ConcurrentHashMap<>();
    /** Those that were seen without a wizard, which at a start may come a moment later. */
    private final Set<String> without = new HashSet<>();

    private record Asked(ConfigurationWizard wizard, List<Question> questions) {}

    /**
     * How answers fit what is asked.
     *
     * @param missing questions that must be answered, and are not
     * @param former answered questions that are not asked any more
     */
    private record Standing(List<String> missing, List<String> former) {
        static final Standing FINE = new Standing(List.of(), List.of());

        /** @param answered questions, and whether the answer says something */
        static Standing of(List<Question> questions, Map<String, Boolean> answered) {
            Set<String> names = questions.stream().map(Question::name).collect(Collectors.toSet());
            return new Standing(
                    questions.stream()
                            .filter(each ->
                                    each.required() && each.defaultAnswer().isEmpty())
                            .map(Question::name)
                            .filter(name -> !answered.getOrDefault(name, false))
                            .toList(),
                    answered.keySet().stream()
                            .filter(name -> !names.contains(name))
                            .toList());
        }
    }

    public UnansweredQuestions(Database database, PresentPlugins present) {
        this.database = database;
        this.present = present;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-unanswered-questions");
            thread.setDaemon(true);
            return thread;
        });
        present.watch(this::soon);
    }

    public void start() {
        if (database.shared()) {
            timer.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
        soon();
    }

    private void soon() {
        lookIn(0);
    }

    private void lookIn(int seconds) {
        try {
            timer.schedule(this::look, seconds, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("The server stops", closing);
        }
    }

    @Override
    public void changed() {
        soon();
    }

    @Override
    public void settle() {
        // nobody waits for what it tells
    }

    /** Looks now, and waits for it; no more than a moment unless a new wizard takes its time. */
    void await() {
        try {
            timer.submit(this::look).get(PERIOD_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException | RejectedExecutionException later) {
            LOG.debug("It is looked at later", later);
        }
    }

    private void look() {
        try {
            round();
        } catch (RuntimeException failed) {
            LOG.warn("Could not compare answers with questions; trying again in {} s", PERIOD_SECONDS, failed);
            lookIn(PERIOD_SECONDS);
        }
    }

    synchronized void round() {
        List<PluginRow> rows = database.read(PluginRows::list);
        Map<String, Map<String, Boolean>> answered = database.read(Answers::answered);
        Set<String> known = rows.stream().map(PluginRow::id).collect(Collectors.toSet());
        standings.keySet().retainAll(known);
        asked.keySet().retainAll(known);
        for (PluginRow row : rows) {
            if (row.state().compareTo(PluginState.CONFIGURED) >= 0
                    && present.find(row.id()).isPresent()) {
                judge(row.id(), answered.getOrDefault(row.id(), Map.of()));
            }
        }
    }

    private void judge(String id, Map<String, Boolean> answered) {
        ConfigurationWizard wizard = present.wizard(id).orElse(null);
        if (wizard == null) {
            if (without.add(id)) {
                lookIn(PERIOD_SECONDS);
            } else {
                stand(id, Standing.FINE);
            }
            return;
        }
        without.remove(id);
        Asked before = asked.get(id);
        if (before == null || before.wizard != wizard) {
            try {
                before = new Asked(wizard, present.questions(id));
            } catch (RuntimeException silent) {
                LOG.warn("The wizard of plug-in {} does not say what it asks", id, silent);
                before = new Asked(wizard, null);
            }
            asked.put(id, before);
        }
        if (before.questions != null) {
            stand(id, Standing.of(before.questions, answered));
        }
    }

    private void stand(String id, Standing now) {
        Standing before = standings.get(id);
        if (now.equals(before)) {
            return;
        }
        database.change(change -> {
            tell(change, id, now, before == null);
            return null;
        });
        standings.put(id, now);
    }

    /** @param first whether an event of the server that ran before may tell the same */
    private static void tell(Change change, String id, Standing now, boolean first) {
        String subject = PluginService.lane(id);
        renew(change, TYPE, Priority.ERROR, subject, now.missing.isEmpty() ? "" : needs(id, now.missing), first);
        renew(
                change,
                FORMER,
                Priority.INFO,
                subject,
                now.former.isEmpty()
                        ? ""
                        : "Plug-in " + id + " does not ask for " + String.join(", ", now.former)
                                + " any more. Its answers are kept until its questions are answered anew.",
                first);
    }

    private static void renew(
            Change change, String type, Priority priority, String subject, String text, boolean first) {
        if (!text.isEmpty() && first && EventRows.isOpen(change.handle(), type, subject)) {
            return;
        }
        EventRows.resolve(change.handle(), type, subject);
        if (!text.isEmpty()) {
            change.event(priority, type, subject, text, null);
        }
    }

    private static String needs(String id, List<String> missing) {
        return "Plug-in " + id + " needs configuration: there is no answer to " + String.join(", ", missing)
                + ", which the version that runs now asks for. " + remedy(id, missing);
    }

    private static String remedy(String id, List<String> missing) {
        return "Answer it: qrm plugin configure " + id + " "
                + missing.stream().map(name -> name + "=…").collect(Collectors.joining(" "))
                + ", or the plug-in's page in the console.";
    }

    /** Nobody wants it any more. */
    static void resolve(Change change, String id) {
        EventRows.resolve(change.handle(), TYPE, PluginService.lane(id));
        EventRows.resolve(change.handle(), FORMER, PluginService.lane(id));
    }

    /** What a plug-in that was configured has to be told yet, in the order in which it asks. */
    List<String> of(String id) {
        return standings.getOrDefault(id, Standing.FINE).missing;
    }

    /** @throws QrmException CONFLICT when there is something */
    void refuseWithout(String attempted, String id) {
        List<String> missing = of(id);
        if (!missing.isEmpty()) {
            throw QrmException.conflict(
                    attempted,
                    id,
                    "it needs configuration: there is no answer to " + String.join(", ", missing),
                    remedy(id, missing));
        }
    }

    @Override
    public String name() {
        return "plugin-answers";
    }

    @Override
    public HealthResult execute() {
        Map<String, List<String>> open = new TreeMap<>();
        standings.forEach((id, standing) -> {
            if (!standing.missing.isEmpty()) {
                open.put(id, standing.missing);
            }
        });
        return open.isEmpty()
                ? new HealthResult(HealthResult.Status.OK, "No configured plug-in lacks an answer.")
                : new HealthResult(
                        HealthResult.Status.WARN,
                        open.entrySet().stream()
                                .map(each -> "plug-in " + each.getKey() + " needs configuration. "
                                        + remedy(each.getKey(), each.getValue()))
                                .collect(Collectors.joining(" ")));
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
    }
}
