package org.qrm.plugin.wakeonlan.internal;

import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.Name;
import org.qrm.api.plugin.Question;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;

/** Asks behind which network of the server a machine's cards are, and for their password. */
@Component
public final class CardQuestions implements ObjectQuestions {

    static final String INTERFACE = "interface";
    static final String PASSWORD = "secureOn";

    @Override
    public String plugin() {
        return WakeOnLan.ID;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.RESOURCE;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                new Question(
                        INTERFACE,
                        "Network interface of the server that the machine is reached by",
                        Question.Type.TEXT,
                        "",
                        true,
                        List.of()),
                new Question(
                        PASSWORD,
                        "Password of its cards (SecureOn), if they have one: 00:11:22:33:44:55",
                        Question.Type.SECRET,
                        "",
                        false,
                        List.of()));
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        Map<String, String> reasons = new LinkedHashMap<>();
        String name = answers.getOrDefault(INTERFACE, "");
        try {
            if (Wire.of(name).isEmpty()) {
                reasons.put(
                        INTERFACE,
                        "\"" + Name.printable(name) + "\" is no interface of this server that is up and has an IPv4"
                                + " network; there are: " + String.join(", ", Wire.names()));
            }
        } catch (SocketException unknown) {
            reasons.put(INTERFACE, "this server does not tell its interfaces: " + unknown.getMessage());
        }
        if (MagicPacket.password(answers.getOrDefault(PASSWORD, "")).isEmpty()) {
            reasons.put(PASSWORD, "it must be six pairs of hexadecimal digits, with ':' or '-' between them");
        }
        return reasons;
    }
}
