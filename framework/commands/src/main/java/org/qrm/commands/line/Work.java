package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Option;

/** What happens with an operation that a command started: it is shown, or waited for. */
public final class Work {

    private static final long POLL_MILLIS = 500;

    /** Options of commands that start work. */
    public static final class Options {
        @Option(names = "--wait", description = "Wait until it has ended, showing its steps on standard error.")
        boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                description = "With --wait: wait at most so long; the operation goes on. Exit status 1.")
        Integer timeout;
    }

    private final Far far;
    private final Screen screen;
    private final String typed;

    /** @param typed how people type the verbs of operations here, {@code qrm operation %s} */
    public Work(Far far, Screen screen, String typed) {
        this.far = far;
        this.screen = screen;
        this.typed = typed;
    }

    /** Shows an operation that was just asked for, or waits for it. Returns the exit status. */
    public int show(JsonNode operation, Options options) {
        if (options.wait) {
            return await(operation, options.timeout);
        }
        if (screen.json()) {
            screen.answer(operation);
        } else {
            screen.sentence(title(operation) + " is "
                    + operation.path("state").asText() + ". Follow it: " + typed.formatted("wait") + " "
                    + operation.path("id").asText());
        }
        return 0;
    }

    /** Waits for an operation, showing its steps. Returns the exit status. */
    public int await(JsonNode operation, Integer timeoutSeconds) {
        String id = operation.path("id").asText();
        AtomicBoolean ended = new AtomicBoolean();
        Thread farewell = new Thread(() -> {
            if (!ended.get()) {
                screen.say("Stopped waiting; operation " + id + " goes on. Cancel it: " + typed.formatted("cancel")
                        + " " + id);
            }
        });
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            screen.say(title(operation));
            JsonNode last = follow(id, timeoutSeconds);
            ended.set(true);
            return report(last);
        } catch (Failure e) {
            ended.set(true);
            throw e;
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
        }
    }

    private JsonNode follow(String id, Integer timeoutSeconds) {
        Instant end = timeoutSeconds == null ? Instant.MAX : Instant.now().plus(Duration.ofSeconds(timeoutSeconds));
        Map<String, String> seen = new HashMap<>();
        while (true) {
            JsonNode operation = far.get("/operations/" + id);
            tellNews(operation, seen);
            if (ended(operation) || Instant.now().isAfter(end)) {
                return operation;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return operation;
            }
        }
    }

    private void tellNews(JsonNode operation, Map<String, String> seen) {
        JsonNode steps = operation.path("steps");
        for (int i = 0; i < steps.size(); i++) {
            String state = steps.get(i).path("state").asText();
            if (!state.equals("queued") && !state.equals(seen.put("step " + i, state))) {
                screen.say("  " + steps.get(i).path("name").asText() + ": " + state);
            }
        }
        String doing = operation.path("doing").asText();
        if (!doing.isEmpty() && !doing.equals(seen.put("doing", doing))) {
            screen.say("    " + doing);
        }
        JsonNode log = operation.path("log");
        String newest = log.isEmpty() ? "" : log.get(log.size() - 1).toString();
        boolean started = !seen.containsKey("log");
        for (JsonNode line : log) {
            if (started) {
                screen.say("    " + line.path("text").asText());
            }
            started = started || line.toString().equals(seen.get("log"));
        }
        if (!newest.isEmpty()) {
            seen.put("log", newest);
        }
    }

    private int report(JsonNode operation) {
        String state = operation.path("state").asText();
        if (screen.json()) {
            screen.answer(operation);
        }
        if (state.equals("done")) {
            screen.sentence(title(operation) + " is done.");
            return 0;
        }
        String reason = operation.path("reason").asText();
        if (ended(operation)) {
            screen.say(title(operation) + " " + (state.equals("failed") ? "failed" : "was cancelled")
                    + (reason.isEmpty() ? "." : ": " + reason));
        } else {
            String id = operation.path("id").asText();
            screen.say("It is still " + state + " and goes on. Follow it: " + typed.formatted("wait") + " " + id
                    + "; cancel it: " + typed.formatted("cancel") + " " + id);
        }
        return Failure.FAILED;
    }

    public static boolean ended(JsonNode operation) {
        return switch (operation.path("state").asText()) {
            case "done", "failed", "cancelled" -> true;
            default -> false;
        };
    }

    public static String title(JsonNode operation) {
        return "Operation " + operation.path("id").asText() + " ("
                + operation.path("kind").asText() + " on "
                + operation.path("subject").asText() + ")";
    }
}
