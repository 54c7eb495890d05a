package org.qrm.plugin.ipmi.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.HostAddress;
import org.qrm.api.Name;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;

/** Asks where a machine's BMC is, and who may switch there. */
@Component
public final class BmcQuestions implements ObjectQuestions {

    static final String ADDRESS = "address";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String PORT = "port";
    static final String PRIVILEGE = "privilege";
    static final String CIPHER_SUITE = "cipherSuite";
    static final String BOOT_FROM_NETWORK = "bootFromNetwork";
    static final String UEFI = "uefi";

    private static final List<String> PRIVILEGES = List.of("OPERATOR", "ADMINISTRATOR");
    private static final List<String> CIPHER_SUITES = List.of("17", "3");

    // IPMI 2.0, 22.28 and 22.30: at most 16 octets of a name, 20 of a password
    private static final Pattern USERS = Pattern.compile("[!-,.-~][!-~]{0,15}");
    private static final Pattern PASSWORDS = Pattern.compile("[ -~]{1,20}");
    private static final Pattern PORTS = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int LAST_PORT = 65_535;

    @Override
    public String plugin() {
        return Ipmi.ID;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.RESOURCE;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                new Question(ADDRESS, "Address of the BMC: host name or IPv4", Question.Type.TEXT, "", true, List.of()),
                new Question(USER, "User of the BMC", Question.Type.TEXT, "", true, List.of()),
                new Question(
                        PASSWORD,
                        "That user's password, at most 20 characters",
                        Question.Type.SECRET,
                        "",
                        true,
                        List.of()),
                new Question(PORT, "UDP port of the BMC", Question.Type.INTEGER, "623", true, List.of()),
                choice(PRIVILEGE, "Privilege to ask for; OPERATOR is enough to switch", PRIVILEGES),
                choice(CIPHER_SUITE, "Cipher suite: 17 (SHA-256), or 3 (SHA-1) for older BMCs", CIPHER_SUITES),
                yesOrNo(BOOT_FROM_NETWORK, "Have it boot from the network when it is switched on", "true"),
                yesOrNo(UEFI, "It boots by UEFI", "false"));
    }

    private static Question choice(String name, String text, List<String> choices) {
        return new Question(name, text, Question.Type.CHOICE, choices.get(0), true, choices);
    }

    private static Question yesOrNo(String name, String text, String proposed) {
        return new Question(name, text, Question.Type.BOOLEAN, proposed, true, List.of());
    }

    /** Where the machine itself says that its BMC is. */
    @Override
    public Map<String, String> proposals(Resource resource) {
        String told = resource.hardware().details().getOrDefault(Hardware.BMC_ADDRESS, "");
        return told.isEmpty() ? Map.of() : Map.of(ADDRESS, told);
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        return wrong(answers);
    }

    /** What is wrong with answers, by question; empty when each is safe in a command line. */
    static Map<String, String> wrong(Map<String, String> answers) {
        Map<String, String> reasons = new LinkedHashMap<>();
        String address = answers.getOrDefault(ADDRESS, "");
        if (!HostAddress.isOne(address)) {
            reasons.put(ADDRESS, quoted(address) + " is neither a host name nor an IPv4 address");
        }
        String user = answers.getOrDefault(USER, "");
        if (!USERS.matcher(user).matches()) {
            reasons.put(
                    USER,
                    quoted(user) + " is no name of 1 to 16 ASCII characters without blanks, that begins with no '-'");
        }
        if (!PASSWORDS.matcher(answers.getOrDefault(PASSWORD, "")).matches()) {
            reasons.put(PASSWORD, "it must have 1 to 20 characters, all of them printable ASCII (IPMI 2.0)");
        }
        String port = answers.getOrDefault(PORT, "");
        if (!PORTS.matcher(port).matches() || Integer.parseInt(port) > LAST_PORT) {
            reasons.put(PORT, quoted(port) + " is no port from 1 to " + LAST_PORT);
        }
        oneOf(PRIVILEGE, PRIVILEGES, answers, reasons);
        oneOf(CIPHER_SUITE, CIPHER_SUITES, answers, reasons);
        oneOf(BOOT_FROM_NETWORK, List.of("true", "false"), answers, reasons);
        oneOf(UEFI, List.of("true", "false"), answers, reasons);
        return reasons;
    }

    private static void oneOf(
            String name, List<String> choices, Map<String, String> answers, Map<String, String> reasons) {
        String answer = answers.getOrDefault(name, "");
        if (!choices.contains(answer)) {
            reasons.put(name, quoted(answer) + " is not " + String.join(" or ", choices));
        }
    }

    private static String quoted(String answer) {
        return "\"" + Name.printable(answer) + "\"";
    }
}
