package org.qrm.itests;

import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Kills the server process in a step of an operation that can be stopped at. */
abstract class ServerKilled extends SimulatedSite {

    /** Which hook of a listener stops the clock in which step. */
    private static final Map<String, String> HOOKS = Map.of(
            "start prepare", "beforeAssign",
            "start finish", "afterAssign",
            "stop ask-listeners", "beforeRelease",
            "stop finish", "afterRelease");

    /** Kills the server while the operation is in that step, and starts it again; answers the operation's id. */
    static long killed(String environment, String action, String step) throws Exception {
        String hook = HOOKS.get(action + " " + step);
        if (hook != null) {
            Files.writeString(gates().resolve(hook), "");
        } else if (step.endsWith("-access")) {
            karaf("simulator:storage --delay 20000");
        }
        long operation = rest.make(
                        "/virtual-environments/" + environment + "/actions", "{\"action\":\"" + action + "\"}")
                .get("id")
                .asLong();
        if (hook != null) {
            awaitReached(hook);
        } else {
            rest.await("it is at " + step, "/operations/" + operation, seen -> isAt(seen, step));
        }
        ProcessHandle process = ProcessHandle.of(SERVER.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
        if (hook != null) {
            Files.delete(gates().resolve(hook));
        }
        SERVER.start();
        return operation;
    }

    private static void awaitReached(String hook) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!Files.readString(gates().resolve(hook)).equals("reached")) {
            assertTrue("the listener is asked: " + hook, System.nanoTime() < end);
            Thread.sleep(20);
        }
    }

    private static boolean isAt(JsonNode operation, String step) {
        for (JsonNode each : operation.get("steps")) {
            if (each.get("name").asText().equals(step)) {
                String state = each.get("state").asText();
                assertTrue(
                        "too late to kill it in " + step + ": " + operation,
                        List.of("queued", "running").contains(state));
                return state.equals("running");
            }
        }
        throw new AssertionError("no step " + step + " in " + operation);
    }

    private static Path gates() throws IOException {
        return Files.createDirectories(SERVER.data().resolve("gates"));
    }
}
