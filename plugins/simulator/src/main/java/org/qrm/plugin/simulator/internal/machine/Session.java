package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;

/** A registered machine: reports, and carries out what the answers say. Runs under the machine's lock. */
final class Session {

    private static final Duration SPACING = Duration.ofSeconds(1);
    private static final Duration UNKNOWN_PAUSE = Duration.ofSeconds(10);
    private static final Duration DISKS_TIME = Duration.ofSeconds(4);
    private static final int HOLD = 10;
    private static final int MOST_PAUSE = 5;

    private final Run run;
    private final HttpClient client;
    private final URI server;
    private final long kernelStart = System.nanoTime();
    private String resource = "";
    private String token;
    private Duration interval = Duration.ofSeconds(10);
    private ImageStart start;
    private ScheduledFuture<?> next;
    private boolean asking;
    private long askedAt;
    private int failures;

    Session(Run run, HttpClient client, URI server) {
        this.run = run;
        this.client = client;
        this.server = server;
    }

    CompletableFuture<HttpResponse<byte[]>> register(Lines registration) {
        return Wire.post(client, server.resolve("/node/v1/register"), null, registration);
    }

    /** Goes on with the answer to the registration. */
    void begin(Lines answer) {
        resource = answer.get("resource");
        token = answer.get("node-token");
        interval = Duration.ofSeconds(Long.parseLong(answer.get("interval")));
        run.phase(Phase.IDLE);
        obey(answer);
        reportAfter(Duration.ZERO);
        run.later(DISKS_TIME, this::tellInventory);
    }

    /** Once, while it is idle. */
    private void tellInventory() {
        if (run.phase() == Phase.IDLE) {
            Lines devices = new InventoryText(run.machine()).text();
            run.ask(
                    () -> Wire.post(client, server.resolve("/node/v1/inventory"), token, devices),
                    answer -> {
                        if (answer.statusCode() != 200) {
                            run.refused(
                                    "inventory",
                                    answer.statusCode(),
                                    Lines.parse(answer.body()).get("error"));
                        }
                    },
                    failed -> run.later(DISKS_TIME, this::tellInventory));
        }
    }

    /** Reports at once, or as soon as the answer to the last report is there. */
    void reportSoon() {
        if (!asking) {
            reportAfter(Duration.ZERO);
        }
    }

    private void reportAfter(Duration delay) {
        if (next != null) {
            next.cancel(false);
        }
        next = run.later(delay, this::report);
    }

    private void report() {
        if (asking || run.machine().fault() == Fault.SILENT) {
            reportAfter(SPACING);
            return;
        }
        asking = true;
        askedAt = System.nanoTime();
        int hold = run.phase() == Phase.MOUNTING ? 0 : HOLD;
        URI address = server.resolve("/node/v1/report?hold=" + hold);
        run.ask(() -> Wire.post(client, address, token, reportText(stateWord())), this::reported, failed -> {
            asking = false;
            reportAfter(pause());
        });
    }

    private Lines reportText(String state) {
        boolean active = state.equals("active");
        long millis = (System.nanoTime() - kernelStart) / 1_000_000;
        Lines lines = new Lines()
                .put("resource", resource)
                .put("state", state)
                .put("load", active ? "0.25" : "0.01")
                .put("memory-free-mb", run.machine().profile().memoryMb() * 3 / 4)
                .put("uptime", millis / 1000)
                .put("received", millis * (active ? 40 : 1))
                .put("sent", millis * (active ? 10 : 1));
        return start == null || start.error().isEmpty() ? lines : lines.put("error", start.error());
    }

    private String stateWord() {
        return switch (run.phase()) {
            case MOUNTING -> "mounting";
            case ACTIVE -> "active";
            case STOPPING -> "stopping";
            default -> "idle";
        };
    }

    private void reported(HttpResponse<byte[]> answer) {
        asking = false;
        Lines lines = Lines.parse(answer.body());
        if (answer.statusCode() == 200) {
            run.traffic().reports.increment();
            failures = 0;
            obey(lines);
            reportAfter(untilNext());
            return;
        }
        run.refused("report", answer.statusCode(), lines.get("error"));
        if (answer.statusCode() == 401 && run.phase() != Phase.ACTIVE) {
            run.later(UNKNOWN_PAUSE, run::restart);
        } else {
            reportAfter(pause());
        }
    }

    private Duration untilNext() {
        if (run.phase() == Phase.MOUNTING && !start.reportsSoon()) {
            return interval;
        }
        Duration since = Duration.ofNanos(System.nanoTime() - askedAt);
        return since.compareTo(SPACING) >= 0 ? Duration.ZERO : SPACING.minus(since);
    }

    private Duration pause() {
        failures++;
        return Duration.ofSeconds(Math.min(failures, MOST_PAUSE));
    }

    private void obey(Lines instruction) {
        boolean inImage = run.phase() == Phase.ACTIVE;
        if (run.phase() == Phase.STOPPING) {
            return;
        }
        switch (instruction.get("do")) {
            case "idle" -> {
                if (!inImage) {
                    run.phase(Phase.IDLE);
                    start = null;
                }
            }
            case "mount" -> {
                if (!inImage) {
                    mount(ImageStart.wanted(instruction));
                }
            }
            case "reboot", "local-boot" -> leave(run::restart);
            case "power-off" -> leave(run::switchOff);
            default -> {
                // continue, or a word of a newer server
            }
        }
    }

    /** The same instruction again changes nothing. */
    private void mount(Lines wanted) {
        if (start == null || !start.isFor(wanted)) {
            run.phase(Phase.MOUNTING);
            start = new ImageStart(run, this, wanted);
            start.begin();
        }
    }

    /** An image is shut down in order, which takes its time; the idle environment is not. */
    void leave(Runnable then) {
        if (run.phase() != Phase.ACTIVE) {
            then.run();
            return;
        }
        run.phase(Phase.STOPPING);
        Wire.post(client, server.resolve("/node/v1/report"), token, reportText("stopping"));
        run.later(run.machine().profile().stopTime(), then);
    }

    boolean isCurrent(ImageStart other) {
        return start == other;
    }

    CompletableFuture<HttpResponse<byte[]>> bootService(String plugin) {
        return Wire.get(client, server.resolve("/node/v1/boot-services/" + plugin), token);
    }

    String resource() {
        return resource;
    }

    String environment() {
        return start == null ? "" : start.environment();
    }
}
