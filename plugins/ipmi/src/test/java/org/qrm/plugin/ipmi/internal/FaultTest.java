package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.Problem.Kind;

/** Words of ipmitool 1.8.19 with {@code -v}, and what is made of them. */
@RunWith(Parameterized.class)
public class FaultTest {

    private static final String NO_SESSION = "\nError: Unable to establish IPMI v2 / RMCP+ session\n";
    private static final String CHATTER = """
            Loading IANA PEN Registry...
            Get HPM.x Capabilities request failed, compcode = d4
            Running Get VSO Capabilities my_addr 0x20, transit 0, target 0x20
            Invalid completion code received: Insufficient privilege level
            Discovered IPMB address 0x0
            """;

    private static final String PASSWORD = "the password is not";
    private static final String USER = "the BMC knows no such user";
    private static final String PRIVILEGE = "the user has not the privilege";
    private static final String BUSY = "the BMC is busy, or has no session left";
    private static final String NOT_NOW = "the BMC cannot do that in this moment";
    private static final String CIPHER = "the BMC does not take this cipher suite";
    private static final String DISABLED = "serial over LAN is disabled";
    private static final String SILENT = "the BMC does not answer";

    private final String said;
    private final Kind kind;
    private final String reason;

    public FaultTest(String said, Kind kind, String reason) {
        this.said = said;
        this.kind = kind;
        this.reason = reason;
    }

    @Parameters(name = "{index}: {1}, {2}")
    public static List<Object[]> table() {
        return Arrays.asList(new Object[][] {
            {"> RAKP 2 HMAC is invalid" + NO_SESSION, Kind.FAILED, PASSWORD},
            {"RAKP 2 message indicates an error : unauthorized name" + NO_SESSION, Kind.FAILED, USER},
            {"RAKP 2 message indicates an error : invalid name length" + NO_SESSION, Kind.FAILED, USER},
            {"RAKP 2 message indicates an error : unauthorized role requested" + NO_SESSION, Kind.FAILED, PRIVILEGE},
            {"RAKP 2 message indicates an error : invalid role" + NO_SESSION, Kind.FAILED, PRIVILEGE},
            {"Set Session Privilege Level to OPERATOR failed: Unknown (0x81)" + NO_SESSION, Kind.FAILED, PRIVILEGE},
            {
                "Set Session Privilege Level to ADMINISTRATOR failed: Insufficient privilege level" + NO_SESSION,
                Kind.FAILED,
                PRIVILEGE
            },
            {"Set Chassis Power Control to Up/On failed: Insufficient privilege level", Kind.FAILED, PRIVILEGE},
            {
                "Error in open session response message : insufficient resources for session\n" + NO_SESSION,
                Kind.UNREACHABLE,
                BUSY
            },
            {"RAKP 2 message indicates an error : insufficient resources for role" + NO_SESSION, Kind.UNREACHABLE, BUSY
            },
            {"Get Chassis Power Status failed: Node busy", Kind.UNREACHABLE, BUSY},
            {"Get Chassis Power Status failed: BMC initialization in progress", Kind.UNREACHABLE, NOT_NOW},
            {"Get Chassis Power Status failed: Device firmeware in update mode", Kind.UNREACHABLE, NOT_NOW},
            {
                "Set Chassis Power Control to Down/Off failed: Command not supported in present state",
                Kind.UNREACHABLE,
                NOT_NOW
            },
            {
                "Error in open session response message : invalid authentication algorithm\n" + NO_SESSION,
                Kind.FAILED,
                CIPHER
            },
            {"Error in open session response message : no matching cipher suite\n" + NO_SESSION, Kind.FAILED, CIPHER},
            {"Error in open session response message : no matching integrity payload\n", Kind.FAILED, CIPHER},
            {"Unsupported cipher suite ID : 17\n" + NO_SESSION, Kind.FAILED, CIPHER},
            {
                "This BMC does not support IPMI v2 / RMCP+" + NO_SESSION,
                Kind.UNREACHABLE,
                "the BMC does not speak IPMI 2.0, or not yet"
            },
            {
                "> RAKP 4 message has invalid integrity check value" + NO_SESSION,
                Kind.FAILED,
                "the BMC wants a key of its own"
            },
            {
                "Address lookup for bmc12.site.example failed\nCould not open socket!" + NO_SESSION,
                Kind.UNREACHABLE,
                "the BMC's host name is not known here"
            },
            {"Set Chassis Boot Parameter 5 failed: Invalid command", Kind.FAILED, "the BMC does not know that command"},
            {
                "Get Auth Capabilities error\nError issuing Get Channel Authentication Capabilities request"
                        + NO_SESSION,
                Kind.UNREACHABLE,
                SILENT
            },
            {"> Error: no response from RAKP 1 message" + NO_SESSION, Kind.UNREACHABLE, SILENT},
            {"Unable to get Chassis Power Status", Kind.UNREACHABLE, SILENT},
            {"Error: Received an Unexpected Open Session Response" + NO_SESSION, Kind.UNREACHABLE, SILENT},
            {"Get Chassis Power Status failed: Timeout", Kind.UNREACHABLE, SILENT},
            {NO_SESSION, Kind.UNREACHABLE, SILENT},
            {"Get Chassis Power Status failed: Unspecified error", Kind.FAILED, "ipmitool ended with status 1"},
            {"Info: SOL payload already active on another session", Kind.CONFLICT, "somebody else is at its console"},
            {"Info: SOL payload activation limit reached", Kind.CONFLICT, "the BMC has as many consoles open"},
            {"Info: SOL payload disabled", Kind.FAILED, DISABLED},
            {"Info: SOL payload type disabled", Kind.FAILED, DISABLED},
            {"Error activating SOL payload: Invalid command", Kind.FAILED, DISABLED},
            {"Error activating SOL payload: Insufficient privilege level", Kind.FAILED, PRIVILEGE},
            {
                "Info: cannot activate SOL payload without encryption",
                Kind.FAILED,
                "the BMC wants its consoles with another encryption"
            },
            {
                "Error: BMC requests SOL session on different port",
                Kind.FAILED,
                "the BMC wants its consoles on another port"
            },
            {"Error: No response activating SOL payload", Kind.UNREACHABLE, "the BMC does not answer to the order"},
            {"", Kind.FAILED, "ipmitool ended with status 1"},
        });
    }

    @Test
    public void tellsWhatItMeans() {
        Problem problem = problem(1, CHATTER + said);
        assertEquals(problem.sentence(), kind, problem.kind());
        assertTrue(problem.sentence(), problem.reason().startsWith(reason));
        assertFalse(problem.sentence(), problem.remedy().isEmpty());
    }

    @Test
    public void leavesOutWhatItSaysAnyway() {
        String sentence = problem(1, CHATTER + said).sentence();
        for (String line : CHATTER.split("\n")) {
            assertFalse(sentence, sentence.contains(line));
        }
    }

    @Test
    public void showsNothingThatATerminalObeys() {
        String sentence = problem(1, said + "\n\u001b[2Jhello\u202e").sentence();
        assertTrue(sentence, sentence.codePoints().noneMatch(c -> c == 0x1b || c == 0x202e || c == '\n'));
    }

    private static Problem problem(int status, String text) {
        Bmc bmc = Bmc.of("web1", IpmiSimulator.answers(623, Map.of()));
        return Fault.of("switch on", bmc, new Said(status, text), Duration.ofSeconds(20))
                .problem();
    }
}
