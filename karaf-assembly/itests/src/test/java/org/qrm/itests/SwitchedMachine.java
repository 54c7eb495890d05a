package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/** A machine, number 1, of a server with a plug-in that switches machines; the plug-in knows nothing of it at first. */
final class SwitchedMachine extends ExternalResource {

    private static final ObjectMapper JSON = new ObjectMapper();

    static final String PASSWORD = "power of a machine";

    private final ServerProcess server;
    private final String plugin;
    private RestClient rest;
    private Process machine;

    /** @param server not started yet */
    SwitchedMachine(ServerProcess server, String plugin) {
        this.server = server;
        this.plugin = plugin;
    }

    @Override
    protected void before() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        SshConsole.install(server.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-" + plugin);
        SimulatedSite.admit(rest);
        machine = SimulatedSite.machines(server, 1);
        rest.await(
                plugin + " is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains(plugin));
        install();
        rest.await(
                "the machine is idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 1);
    }

    private void install() throws Exception {
        rest.make("/plugins/" + plugin + "/actions", "{\"action\":\"register\"}");
        rest.make("/plugins/" + plugin + "/actions", "{\"action\":\"install\"}");
        rest.await(plugin + " is installed", "/plugins/" + plugin, SimulatedSite.is("state", "installed"));
    }

    /** The plug-in goes, and comes back without a memory. */
    void reinstall() throws Exception {
        rest.make("/plugins/" + plugin + "/actions", "{\"action\":\"uninstall\"}");
        rest.await(plugin + " has gone", "/plugins/" + plugin, SimulatedSite.is("state", "available"));
        install();
    }

    @Override
    protected void after() {
        if (machine != null) {
            machine.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    void answer(Map<String, String> answers) throws Exception {
        rest.replace("/resources/1/settings/" + plugin, body(answers));
    }

    /** Answers by a list that expects the machine, in place of what was answered; what that did. */
    JsonNode answerByList(Map<String, String> answers) throws Exception {
        assertEquals(204, rest.delete("/resources/1/settings/" + plugin).statusCode());
        StringBuilder columns = new StringBuilder("mac");
        StringBuilder values =
                new StringBuilder(rest.get("/resources/1").get("mac").asText());
        answers.forEach((question, answer) -> {
            columns.append(',').append(plugin).append('.').append(question);
            values.append(",\"").append(answer.replace("\"", "\"\"")).append('"');
        });
        return rest.make(
                "/expected-machines", JSON.writeValueAsString(Map.of("csv", columns + "\n" + values, "dryRun", false)));
    }

    /** What is wrong with answers, by question. */
    JsonNode wrong(Map<String, String> answers) throws Exception {
        HttpResponse<String> refused = rest.put("/resources/1/settings/" + plugin, body(answers));
        assertEquals(refused.body(), 422, refused.statusCode());
        return JSON.readTree(refused.body()).get("errors");
    }

    private static String body(Map<String, String> answers) throws JsonProcessingException {
        return JSON.writeValueAsString(Map.of("answers", answers));
    }

    String power() throws Exception {
        return rest.get("/resources/1/power").get("state").asText();
    }

    /** Waits until what is shown of it has those words in a field. */
    void await(String field, String words) throws Exception {
        rest.await(
                field + " says " + words,
                "/resources/1",
                it -> it.path(field).asText().contains(words));
    }

    /** One field of all that its BMC tells. */
    List<String> read(String what, String field) throws Exception {
        return rest.get("/resources/1/" + what).get("items").findValuesAsText(field);
    }

    /** Where its serial console is open. */
    String openConsole() throws Exception {
        return "/terminals/"
                + rest.make("/resources/1/consoles", "{\"columns\":80,\"rows\":24}")
                        .get("id")
                        .asText();
    }

    /** All that was written to a terminal, once it has those words. */
    String awaitWritten(String terminal, String words) throws Exception {
        JsonNode output = rest.await(
                "it shows " + words,
                terminal + "/output",
                it -> written(it).contains(words) || it.get("ended").asBoolean());
        return written(output);
    }

    private static String written(JsonNode output) {
        return new String(Base64.getDecoder().decode(output.get("data").asText()), StandardCharsets.UTF_8);
    }

    void awaitEnd(String terminal) throws Exception {
        rest.await(
                "it has ended",
                terminal + "/output?from=1000000",
                it -> it.get("ended").asBoolean());
    }

    /** The operation, when it is over. */
    JsonNode switchOn() throws Exception {
        String operation = "/operations/"
                + rest.make("/resources/1/actions", "{\"action\":\"power-on\"}")
                        .get("id")
                        .asText();
        rest.await(
                "it is over",
                operation,
                work -> List.of("done", "failed").contains(work.get("state").asText()));
        return rest.get(operation);
    }

    void assertIsToldToNobody(String secret) throws Exception {
        String log = Files.readString(server.data().resolve("log/qrm.log"));
        assertFalse("the secret is in the log", log.contains(secret));
        assertFalse(
                "the secret is told",
                rest.get("/resources/1/settings").toString().contains(secret));
    }
}
