package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.Test;

/** The server process is killed in each step of a stop that can be stopped at, and finishes the work. */
public class ServerKilledInStopIT extends ServerKilled {

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
}
