package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a machine does from one power-on or restart to the next: boot loader, kernel, registration; then a
 * {@link Session}. Everything runs under the machine's lock, and comes to nothing once the machine runs something else.
 */
final class Run {

    private static final int SLOWNESS = 10;
    private static final Duration LOADER_PAUSE = Duration.ofSeconds(5);
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);
    private static final Duration MOST = Duration.ofSeconds(15);

    private final SimulatedMachine machine;
    private final Surroundings around;
    private final String bootId = UUID.randomUUID().toString();
    private Phase phase = Phase.LOADING;
    private String trouble = "";
    private Session session;
    private int attempts;

    Run(SimulatedMachine machine, Surroundings around) {
        this.machine = machine;
        this.around = around;
    }

    void begin() {
        later(machine.profile().loaderTime(), this::load);
    }

    private void load() {
        URI address = machine.identity().kind().configuration(around.server(), machine.mac());
        ask(() -> around.wire().get(address), this::loaded, failed -> later(LOADER_PAUSE, this::load));
    }

    private void loaded(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            refused("boot configuration", answer.statusCode(), "");
            later(LOADER_PAUSE, this::load);
            return;
        }
        if (answer.headers().firstValue("Retry-After").isPresent()) {
            trouble = "told to wait with its boot";
            later(LOADER_PAUSE, this::load);
            return;
        }
        around.traffic().configurations.increment();
        LoaderConfiguration configuration;
        try {
            configuration = machine.identity().kind().parse(new String(answer.body(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            hang("cannot boot: " + e.getMessage());
            return;
        }
        if (machine.fault() == Fault.NEVER_BOOTS) {
            hang("it never boots");
        } else if (configuration.local()) {
            phase = Phase.LOCAL_DISK;
        } else {
            loadFiles(configuration, 0);
        }
    }

    private void loadFiles(LoaderConfiguration configuration, int index) {
        if (index == configuration.files().size()) {
            phase = Phase.STARTING;
            later(machine.profile().kernelTime(), () -> start(configuration));
            return;
        }
        URI file = around.server().resolve(configuration.files().get(index));
        Runnable again = () -> later(LOADER_PAUSE, () -> loadFiles(configuration, index));
        ask(
                () -> around.wire().head(file),
                answer -> {
                    if (answer.statusCode() == 200) {
                        loadFiles(configuration, index + 1);
                    } else {
                        refused("file " + file.getPath(), answer.statusCode(), "");
                        again.run();
                    }
                },
                failed -> again.run());
    }

    private void start(LoaderConfiguration configuration) {
        try {
            URI server = URI.create(configuration.required("qrm.server"));
            URI certificate = URI.create(configuration.required("qrm.http") + "/boot/ca.pem");
            String token = machine.tokenFor(configuration.required("qrm.token"));
            String image = configuration.required("qrm.image");
            String digest = configuration.required("qrm.ca");
            ask(
                    () -> around.wire().trusting(certificate, digest),
                    client -> {
                        session = new Session(this, client, server);
                        register(new RegistrationText(machine.identity(), machine.profile(), bootId, around.hostKey())
                                .text(token, image));
                    },
                    failed -> later(LOADER_PAUSE, () -> start(configuration)));
        } catch (IllegalArgumentException e) {
            hang(e.getMessage());
        }
    }

    private void register(Lines registration) {
        ask(
                () -> session.register(registration),
                answer -> registered(registration, answer),
                failed -> later(pause(), () -> register(registration)));
    }

    private void registered(Lines registration, HttpResponse<byte[]> answer) {
        Lines lines = Lines.parse(answer.body());
        if (answer.statusCode() == 200) {
            around.traffic().registrations.increment();
            attempts = 0;
            trouble = "";
            session.begin(lines);
        } else if (answer.statusCode() == 401) {
            refused("registration", 401, lines.get("error"));
            later(REFUSED_PAUSE, this::restart);
        } else {
            refused("registration", answer.statusCode(), lines.get("error"));
            later(pause(), () -> register(registration));
        }
    }

    /** 1, 2, 4, 8, 15, 15 … seconds. */
    private Duration pause() {
        Duration pause = Duration.ofSeconds(1L << Math.min(attempts++, 4));
        return pause.compareTo(MOST) > 0 ? MOST : pause;
    }

    private void hang(String why) {
        trouble = why;
        phase = Phase.HUNG;
    }

    void refused(String what, int status, String why) {
        around.traffic().refusals.increment();
        trouble = what + " refused with status " + status + (why.isEmpty() ? "" : ": " + why);
    }

    /** Shuts down: in order, if it runs an image. */
    void shutDown() {
        if (session == null) {
            switchOff();
        } else {
            session.leave(this::switchOff);
        }
    }

    /** Ends this run, and begins another one. */
    void restart() {
        machine.restart();
    }

    /** Ends this run for good. */
    void switchOff() {
        machine.powerOff();
    }

    /** Does something after a while, unless the machine runs something else by then. */
    ScheduledFuture<?> later(Duration delay, Runnable action) {
        long nanos = delay.toNanos() * (machine.fault() == Fault.SLOW ? SLOWNESS : 1);
        try {
            return around.timer().schedule(() -> locked(action), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException over) {
            return null; // the rack is being taken down
        }
    }

    /** Asks the server; then does one thing or the other, unless the machine runs something else by then. */
    <T> void ask(Supplier<CompletableFuture<T>> request, Consumer<T> then, Consumer<Throwable> otherwise) {
        CompletableFuture<T> answer;
        try {
            answer = request.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((value, failed) -> locked(() -> {
            if (failed == null) {
                then.accept(value);
            } else {
                around.traffic().failures.increment();
                Throwable cause = failed.getCause() == null ? failed : failed.getCause();
                trouble = cause.toString();
                otherwise.accept(cause);
            }
        }));
    }

    private void locked(Runnable action) {
        synchronized (machine) {
            if (machine.runs(this) && !machine.postpones(() -> locked(action))) {
                action.run();
            }
        }
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase newPhase) {
        phase = newPhase;
    }

    String trouble() {
        return trouble;
    }

    void trouble(String newTrouble) {
        trouble = newTrouble;
    }

    String resource() {
        return session == null ? "" : session.resource();
    }

    String environment() {
        return session == null ? "" : session.environment();
    }

    SimulatedMachine machine() {
        return machine;
    }

    Traffic traffic() {
        return around.traffic();
    }
}
