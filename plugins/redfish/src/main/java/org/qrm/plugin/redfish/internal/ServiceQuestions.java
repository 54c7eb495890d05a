package org.qrm.plugin.redfish.internal;

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
import org.qrm.plugin.device.Fingerprint;

/** Asks where a machine's Redfish service is, and who may switch there. */
@Component
public final class ServiceQuestions implements ObjectQuestions {

    static final String ADDRESS = "address";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String SYSTEM = "system";
    static final String FINGERPRINT = "fingerprint";
    static final String BOOT_FROM_NETWORK = "bootFromNetwork";

    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int LAST_PORT = 65_535;

    // RFC 7617: a user of HTTP Basic has no colon
    private static final Pattern USERS = Pattern.compile("[^:\\p{Cc}]{1,128}");
    private static final Pattern PASSWORDS = Pattern.compile("\\P{Cc}{1,256}");
    private static final Pattern SYSTEMS = Pattern.compile("(?!//)[!-~&&[^\"<>\\\\^`{|}#?%]]{0,200}");

    @Override
    public String plugin() {
        return Redfish.ID;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.RESOURCE;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                required(
                        ADDRESS,
                        "Address of the Redfish service: host name or IPv4, and :port",
                        Question.Type.TEXT,
                        ""),
                required(USER, "User of the service", Question.Type.TEXT, ""),
                required(PASSWORD, "That user's password", Question.Type.SECRET, ""),
                optional(SYSTEM, "Id or path of the machine among the service's systems; empty: the only one"),
                optional(
                        FINGERPRINT,
                        "SHA-256 fingerprint of the service's certificate; empty: an authority that Java trusts signed it"),
                required(
                        BOOT_FROM_NETWORK,
                        "Have it boot from the network when it is switched on",
                        Question.Type.BOOLEAN,
                        "true"));
    }

    private static Question required(String name, String text, Question.Type type, String proposed) {
        return new Question(name, text, type, proposed, true, List.of());
    }

    private static Question optional(String name, String text) {
        return new Question(name, text, Question.Type.TEXT, "", false, List.of());
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

    /** What is wrong with answers, by question; empty when each is fit for a request. */
    static Map<String, String> wrong(Map<String, String> answers) {
        Map<String, String> reasons = new LinkedHashMap<>();
        String address = answers.getOrDefault(ADDRESS, "");
        if (!isAddress(address)) {
            reasons.put(
                    ADDRESS,
                    quoted(address)
                            + " is neither a host name nor an IPv4 address, with or without :port; https:// is understood");
        }
        String user = answers.getOrDefault(USER, "");
        if (!USERS.matcher(user).matches()) {
            reasons.put(USER, quoted(user) + " is no name of 1 to 128 characters without colon");
        }
        if (!PASSWORDS.matcher(answers.getOrDefault(PASSWORD, "")).matches()) {
            reasons.put(PASSWORD, "it must have 1 to 256 characters, none of them a control character");
        }
        String system = answers.getOrDefault(SYSTEM, "");
        if (!SYSTEMS.matcher(system).matches()) {
            reasons.put(SYSTEM, quoted(system) + " is neither the id nor the path of a system");
        }
        String fingerprint = answers.getOrDefault(FINGERPRINT, "");
        if (!fingerprint.isEmpty() && Fingerprint.parse(fingerprint).isEmpty()) {
            reasons.put(
                    FINGERPRINT,
                    quoted(fingerprint) + " is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons");
        }
        String network = answers.getOrDefault(BOOT_FROM_NETWORK, "true");
        if (!List.of("true", "false").contains(network)) {
            reasons.put(BOOT_FROM_NETWORK, quoted(network) + " is not true or false");
        }
        return reasons;
    }

    private static boolean isAddress(String address) {
        int colon = address.indexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "1" : address.substring(colon + 1);
        return HostAddress.isOne(host) && PORT.matcher(port).matches() && Integer.parseInt(port) <= LAST_PORT;
    }

    private static String quoted(String answer) {
        return "\"" + Name.printable(answer) + "\"";
    }
}
