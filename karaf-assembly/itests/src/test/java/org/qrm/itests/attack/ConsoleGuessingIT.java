package org.qrm.itests.attack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.RestClient;
import org.qrm.itests.ServerProcess;
import org.qrm.itests.SshConsole;

/** Somebody guesses the administrator's password at Karaf's console, from an address of their own. */
public class ConsoleGuessingIT {

    private static final String PASSWORD = "not to be guessed";
    private static final String ATTACKER = "127.0.0.2";
    private static final String ADMINISTRATOR = "127.0.0.1";
    private static final int FREE = 5;

    @Rule
    public ServerProcess server = new ServerProcess();

    private RestClient rest;

    @Before
    public void start() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
    }

    @Test
    public void whoGuessesIsLockedOutAndNobodyElse() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (refused().size() < FREE + 4) {
            assertTrue("guesses are written down: " + refused(), System.nanoTime() < end);
            assertThrows(SshException.class, () -> console(ATTACKER, "a guess"));
        }
        assertThrows("for 8 s not even the right one", SshException.class, () -> console(ATTACKER, PASSWORD));
        assertEquals("there", console(ADMINISTRATOR, PASSWORD).trim());
        assertTrue(entries(ADMINISTRATOR).toString(), entries(ADMINISTRATOR).contains("done"));
        assertEquals(
                List.of("refused: the user name or the password is wrong"),
                refused().stream().distinct().toList());
        assertTheAlarmIsRaisedOnce();
    }

    private void assertTheAlarmIsRaisedOnce() throws Exception {
        JsonNode alarms = rest.get("/events?type=login.locked").get("items");
        assertEquals(alarms.toString(), 1, alarms.size());
        assertEquals("alarm", alarms.get(0).get("priority").asText());
        assertTrue(alarms.toString(), alarms.get(0).get("description").asText().contains(ATTACKER));
    }

    private List<String> refused() throws Exception {
        return entries(ATTACKER);
    }

    /** What came of logins at the console from there. */
    private List<String> entries(String address) throws Exception {
        List<String> results = new ArrayList<>();
        for (JsonNode entry : rest.get("/audit?user=admin").get("items")) {
            if (entry.get("origin").asText().equals(address + " at the console")
                    && entry.get("action").asText().equals("log in")) {
                results.add(entry.get("result").asText());
            }
        }
        return results;
    }

    private String console(String from, String password) throws IOException {
        return SshConsole.outcomeFrom(from, server.port("QRM_SSH_PORT"), "admin", password, "shell:echo there")
                .output();
    }
}
