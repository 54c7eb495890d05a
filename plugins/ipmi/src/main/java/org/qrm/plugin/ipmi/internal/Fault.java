package org.qrm.plugin.ipmi.internal;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * Why ipmitool was not obeyed: a table from its words to what they mean. Those are of its sources (lanplus.c,
 * lanplus_strings.c, ipmi_strings.c, ipmi_chassis.c) and, behind them, of the status codes of IPMI 2.0, tables 5-2 and 13-15.
 *
 * @param words in a line of its output
 * @param kind UNREACHABLE when it may pass by itself
 * @param reason for people
 * @param remedy for people
 */
record Fault(Pattern words, Problem.Kind kind, String reason, String remedy) {

    private static final String ASK_AGAIN = "Try again in a minute.";

    /** The first that matches counts. */
    private static final List<Fault> ALL = List.of(
            fault(
                    "SOL payload already active",
                    Problem.Kind.CONFLICT,
                    "somebody else is at its console by the BMC, which does not let go of that",
                    "End that session at the BMC."),
            fault(
                    "SOL payload activation limit reached",
                    Problem.Kind.CONFLICT,
                    "the BMC has as many consoles open as it can",
                    "End one of them at the BMC."),
            fault(
                    "SOL payload (type )?disabled|activating SOL payload: Invalid command",
                    Problem.Kind.FAILED,
                    "serial over LAN is disabled at the BMC, or for this user",
                    "Enable it at the BMC, and the payload SOL for this user: ipmitool sol set enabled true, sol payload enable."),
            fault(
                    "cannot activate SOL payload with(out)? encryption",
                    Problem.Kind.FAILED,
                    "the BMC wants its consoles with another encryption",
                    "Have the BMC take consoles with encryption: ipmitool sol set force-encryption true."),
            fault(
                    "requests SOL session on different port",
                    Problem.Kind.FAILED,
                    "the BMC wants its consoles on another port than commands",
                    "Give both the same port at the BMC."),
            fault(
                    "No response activating SOL payload",
                    Problem.Kind.UNREACHABLE,
                    "the BMC does not answer to the order to open the console",
                    ASK_AGAIN),
            fault(
                    "RAKP 2 HMAC is invalid",
                    Problem.Kind.FAILED,
                    "the password is not that of this user at the BMC",
                    "Correct the password in what the plug-in ipmi was answered about this machine."),
            fault(
                    "unauthorized name|invalid name length|user name too long",
                    Problem.Kind.FAILED,
                    "the BMC knows no such user, or lets it not in over the network",
                    "Correct the user in what the plug-in ipmi was answered about this machine, or enable it at the BMC."),
            fault(
                    "unauthorized role|invalid role|Insufficient privilege level"
                            + "|Set Session Privilege Level to \\S+ failed: Unknown \\(0x8[012]\\)"
                            + "|Requested privilege level exceeds",
                    Problem.Kind.FAILED,
                    "the user has not the privilege at the BMC",
                    "Give the user that privilege on the BMC's LAN channel, or answer another one (OPERATOR is enough)."),
            fault(
                    "insufficient resources for (session|role)|Node busy|Out of space",
                    Problem.Kind.UNREACHABLE,
                    "the BMC is busy, or has no session left",
                    "End sessions of others at the BMC (consoles, monitoring), or try again in a minute."),
            fault(
                    "BMC initialization in progress|firme?ware in update mode|Command not supported in present state"
                            + "|Destination unavailable|Command response could not be provided",
                    Problem.Kind.UNREACHABLE,
                    "the BMC cannot do that in this moment",
                    ASK_AGAIN),
            fault(
                    "(invalid|no matching) (authentication|integrity|confidentiality) (algorithm|payload)"
                            + "|no matching cipher suite|Unsupported cipher suite ID"
                            + "|(Authentication|Integrity|Encryption) algorithm 0x\\S+ is",
                    Problem.Kind.FAILED,
                    "the BMC does not take this cipher suite",
                    "Answer the other cipher suite (3 for older BMCs), or enable it at the BMC."),
            fault(
                    "does not support IPMI v2",
                    Problem.Kind.UNREACHABLE,
                    "the BMC does not speak IPMI 2.0, or not yet",
                    "Enable IPMI 2.0 over LAN at the BMC, or bring its firmware up to date."),
            fault(
                    "RAKP 4 message has invalid integrity check value|invalid integrity check value",
                    Problem.Kind.FAILED,
                    "the BMC wants a key of its own besides the password (K_g)",
                    "Clear the BMC key in the BMC's LAN settings."),
            fault(
                    "Address lookup for .* failed|Could not open socket",
                    Problem.Kind.UNREACHABLE,
                    "the BMC's host name is not known here",
                    "Correct the address in what the plug-in ipmi was answered about this machine, or the site's DNS."),
            fault(
                    "Invalid command|Command illegal|command disabled|Invalid data field in request|Parameter out of range",
                    Problem.Kind.FAILED,
                    "the BMC does not know that command, or it is disabled there",
                    "Allow it at the BMC, or bring its firmware up to date."),
            fault(
                    "Get Auth Capabilities error|Error issuing Get Channel|no response from RAKP|Unable to get Chassis Power"
                            + "|Unable to set Chassis Power|Error setting Chassis Boot Parameter"
                            + "|Set Session Privilege Level to \\S+ failed|Unable to establish IPMI|: Timeout"
                            + "|inactive session ID|invalid session ID",
                    Problem.Kind.UNREACHABLE,
                    "the BMC does not answer",
                    "Look whether it has power and network, whether IPMI over LAN is enabled there, and whether address and"
                            + " port are right."));

    private static Fault fault(String words, Problem.Kind kind, String reason, String remedy) {
        return new Fault(Pattern.compile(words, CASE_INSENSITIVE), kind, reason, remedy);
    }

    /** What that means, for whoever attempted it. */
    static QrmException of(String attempted, Bmc bmc, Said said, Duration limit) {
        String words = said.words();
        String quoted = words.isEmpty() ? "" : ", ipmitool says \"" + words + "\"";
        for (Fault fault : ALL) {
            if (said.lines().stream().anyMatch(line -> fault.words.matcher(line).find())) {
                return new QrmException(
                        new Problem(fault.kind, attempted, bmc.subject(), fault.reason + quoted, fault.remedy));
            }
        }
        if (said.status() == Said.ENDED) {
            return new QrmException(new Problem(
                    Problem.Kind.UNREACHABLE,
                    attempted,
                    bmc.subject(),
                    "the BMC did not answer within " + Math.max(1, limit.toSeconds()) + " s" + quoted,
                    "Look whether it has power and network."));
        }
        return QrmException.failed(
                attempted,
                bmc.subject(),
                "ipmitool ended with status " + said.status() + quoted,
                "Try the same by hand with ipmitool, or look at the BMC's own log.",
                null);
    }
}
