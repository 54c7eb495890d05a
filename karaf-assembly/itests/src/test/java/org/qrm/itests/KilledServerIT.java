package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** The server process is killed in each step of a start and of a stop that can be stopped at, and finishes the work. */
public class KilledServerIT extends SimulatedSite {

    /** Which hook of a listener stops the clock in which step. */
    private static final Map<String, String> HOOKS = Map.of(
            "start prepare", "beforeAssign",
            "start finish", "afterAssign",
            "stop ask-listeners", "beforeRelease",
            "stop finish", "afterRelease");

    @Test
    public void aServerThatIsKilledInAStartFinishesItWhenItIsBack() throws Exception {
        environment("killed-start");
        for (String step : List.of("prepare", "open-access", "await-active", "finish")) {
            long operation = killed("killed-start", "start", step);
            rest.await(
                    "the start that was cut off in " + step + " is done",
                    "/operations/" + operation,
                    is("state", "done"));
            JsonNode environment = rest.get("/virtual-environments/killed-start");
            assertEquals(
                    environment.toString(), "active", environment.get("state").asText());
            assertEquals(1, environment.get("resources").size());
            JsonNode machine =
                    rest.get("/resources/" + environment.get("resources").get(0).asLong());
            assertEquals("active", machine.get("state").asText());
            assertEquals("killed-start", machine.get("environmentId").asText());
            stop("killed-start");
            awaitIdle(MACHINES);
        }
    }

    @Test
    public void aServerThatIsKilledInAStopFinishesItWhenItIsBack() throws Exception {
        environment("killed-stop");
        for (String step : List.of("ask-listeners", "await-idle", "close-access", "finish")) {
            rest.make("/virtual-environments/killed-stop/actions", "{\"action\":\"start\"}");
            rest.await("it runs", "/virtual-environments/killed-stop", is("state", "active"));
            long operation = killed("killed-stop", "stop", step);
            rest.await(
                    "the stop that was cut off in " + step + " is done",
                    "/operations/" + operation,
                    is("state", "done"));
            JsonNode environment = rest.get("/virtual-environments/killed-stop");
            assertEquals("inactive", environment.get("state").asText());
            assertEquals(0, environment.get("resources").size());
            awaitIdle(MACHINES);
        }
    }

    /** Kills the server while the operation is in that step, and starts it again; answers the operation's id. */
    private static long killed(String environment, String action, String step) throws Exception {
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
