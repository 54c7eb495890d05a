package org.qrm.plugin.ipmi.internal;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.qrm.api.QrmException;
import org.qrm.api.power.BootDevice;

/**
 * The BMC of a machine.
 *
 * @param machine name of the machine, for people
 * @param address host name or IPv4 address
 * @param port UDP port
 * @param password never in a command line, a log or a message
 * @param privilege to ask for: {@code OPERATOR}
 * @param cipherSuite its number
 * @param bootFromNetwork whether the machine is to boot from the network when it is switched on; else its boot devices are left alone
 * @param uefi whether it boots by UEFI
 */
record Bmc(
        String machine,
        String address,
        String port,
        String user,
        String password,
        String privilege,
        String cipherSuite,
        boolean bootFromNetwork,
        boolean uefi) {

    private static final String STANDARD_PORT = "623";

    /** @throws QrmException INVALID when an answer is not fit for a command line */
    static Bmc of(String machine, Map<String, String> answers) {
        Map<String, String> wrong = BmcQuestions.wrong(answers);
        if (!wrong.isEmpty()) {
            String all = wrong.entrySet().stream()
                    .map(each -> each.getKey() + ": " + each.getValue())
                    .collect(Collectors.joining("; "));
            throw QrmException.invalid("reach the BMC of", machine, all, SETTINGS);
        }
        return new Bmc(
                machine,
                answers.get(BmcQuestions.ADDRESS),
                answers.get(BmcQuestions.PORT),
                answers.get(BmcQuestions.USER),
                answers.get(BmcQuestions.PASSWORD),
                answers.get(BmcQuestions.PRIVILEGE),
                answers.get(BmcQuestions.CIPHER_SUITE),
                Boolean.parseBoolean(answers.get(BmcQuestions.BOOT_FROM_NETWORK)),
                Boolean.parseBoolean(answers.get(BmcQuestions.UEFI)));
    }

    static final String SETTINGS = "Correct what the plug-in ipmi was answered about this machine.";

    /** How ipmitool is told where to ask, and as whom. It reads the password from its environment (-E). */
    List<String> options() {
        return List.of(
                "-I", "lanplus", "-H", address, "-p", port, "-U", user, "-E", "-L", privilege, "-C", cipherSuite);
    }

    /** What is ordered before it boots, for the next time only. */
    List<String> nextBoot(BootDevice device) {
        String name = device == BootDevice.DISK ? "disk" : "pxe";
        return uefi ? List.of("chassis", "bootdev", name, "options=efiboot") : List.of("chassis", "bootdev", name);
    }

    /** Where it is, for people: {@code 10.0.0.12}, {@code 10.0.0.12:6230}. */
    String place() {
        return port.equals(STANDARD_PORT) ? address : address + ":" + port;
    }

    /** The machine and where its BMC is, for messages. */
    String subject() {
        return machine + " (BMC " + place() + ")";
    }

    @Override
    public String toString() {
        return subject();
    }
}
