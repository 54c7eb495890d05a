package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.Test;

/** The server process is killed in each step of a start that can be stopped at, and finishes the work. */
public class ServerKilledInStartIT extends ServerKilled {

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
}
