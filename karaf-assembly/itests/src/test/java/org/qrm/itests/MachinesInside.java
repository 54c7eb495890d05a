package org.qrm.itests;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.rules.ExternalResource;

/** A server with simulated machines inside it, whose power it can switch, and the filesystem image "web". */
final class MachinesInside extends ExternalResource {

    private static final String PASSWORD = "machines inside";

    private final ServerProcess server;
    private final int machines;
    private RestClient rest;

    /** @param server not started yet */
    MachinesInside(ServerProcess server, int machines) {
        this.server = server;
        this.machines = machines;
    }

    @Override
    protected void before() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_SILENCE_SECONDS", "15")
                .start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        SshConsole.install(server.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        rest.await(
                "it is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("simulator"));
        plugin("register", "registered");
        rest.replace("/plugins/simulator/wizard", "{\"machines\":\"" + machines + "\"}");
        plugin("install", "installed");
        plugin("run-once", "active");
        rest.make(
                "/storage-servers",
                "{'name':'sim','type':'simulated','address':'10.0.0.1','managementAddress':'10.0.0.1','exportRoot':'/x'}"
                        .replace('\'', '"'));
        rest.make(
                "/filesystem-images",
                "{'name':'web','storageServer':'sim','source':{'type':'empty'}}".replace('\'', '"'));
        rest.await("the image is ready", "/filesystem-images/web", SimulatedSite.is("state", "ready"));
    }

    private void plugin(String action, String state) throws Exception {
        JsonNode work = rest.make("/plugins/simulator/actions", "{\"action\":\"" + action + "\"}");
        if (work.has("id") && work.get("id").isNumber()) {
            rest.await(action, "/operations/" + work.get("id").asText(), SimulatedSite.is("state", "done"));
        }
        rest.await(action, "/plugins/simulator", SimulatedSite.is("state", state));
    }

    RestClient rest() {
        return rest;
    }

    void logIn(Browser browser) throws Exception {
        OpenConsole.logIn(browser, "admin", PASSWORD);
    }

    /** At the Karaf console. */
    void karaf(String command) throws Exception {
        SshConsole.run(server.port("QRM_SSH_PORT"), "admin", PASSWORD, command);
    }
}
