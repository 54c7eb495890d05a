package org.qrm.plugin.webhookpower.internal;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.Name;
import org.qrm.api.plugin.Question;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.plugin.device.Fingerprint;

/** Asks where a machine is switched, as whom, and what the answers mean. */
@Component
public final class SwitchQuestions implements ObjectQuestions {

    static final String ON_ADDRESS = "onAddress";
    static final String OFF_ADDRESS = "offAddress";
    static final String SHUT_DOWN_ADDRESS = "shutDownAddress";
    static final String STATE_ADDRESS = "stateAddress";
    static final String METHOD = "method";
    static final String ON_BODY = "onBody";
    static final String OFF_BODY = "offBody";
    static final String SHUT_DOWN_BODY = "shutDownBody";
    static final String TOKEN = "token";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String POINTER = "pointer";
    static final String SAYS_ON = "saysOn";
    static final String SAYS_OFF = "saysOff";
    static final String FINGERPRINT = "fingerprint";

    static final List<String> ADDRESSES = List.of(ON_ADDRESS, OFF_ADDRESS, SHUT_DOWN_ADDRESS, STATE_ADDRESS);
    private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "GET");
    private static final int LONGEST_EXPRESSION = 200;

    // RFC 9110, 5.5: what a header may have; RFC 7617: a user has no colon
    private static final Pattern TOKENS = Pattern.compile("[!-~]{1,1024}");
    private static final Pattern USERS = Pattern.compile("[^:\\p{Cc}]{1,128}");
    private static final Pattern PASSWORDS = Pattern.compile("\\P{Cc}{1,256}");

    @Override
    public String plugin() {
        return WebhookPower.ID;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.RESOURCE;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                text(
                        ON_ADDRESS,
                        "Address that switches it on: https://…, in which {name}, {mac} and {id} stand for it",
                        ""),
                text(OFF_ADDRESS, "Address that cuts its power", ""),
                text(SHUT_DOWN_ADDRESS, "Address that asks its system to shut down; empty: it cannot be asked", ""),
                text(STATE_ADDRESS, "Address that tells whether it has power, by GET", ""),
                new Question(METHOD, "Method of the orders", Question.Type.CHOICE, "POST", true, METHODS),
                text(ON_BODY, "JSON to be sent to switch it on; empty: nothing", ""),
                text(OFF_BODY, "JSON to be sent to cut its power; empty: nothing", ""),
                text(SHUT_DOWN_BODY, "JSON to be sent to ask its system to shut down; empty: nothing", ""),
                secret(TOKEN, "Token of the service (Bearer), if it wants one"),
                text(USER, "User of the service, if it wants one", ""),
                secret(PASSWORD, "That user's password"),
                text(
                        POINTER,
                        "Where its state is in the JSON that is answered (RFC 6901); empty: regular expressions follow",
                        "/state"),
                text(SAYS_ON, "What is there when it is on", "on"),
                text(SAYS_OFF, "What is there when it is off", "off"),
                text(
                        FINGERPRINT,
                        "SHA-256 fingerprint of the service's certificate; empty: an authority that is trusted signed it",
                        ""));
    }

    private static Question text(String name, String text, String proposed) {
        return new Question(name, text, Question.Type.TEXT, proposed, false, List.of());
    }

    private static Question secret(String name, String text) {
        return new Question(name, text, Question.Type.SECRET, "", false, List.of());
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        return wrong(answers);
    }

    /** What is wrong with answers, by question; empty when each is fit for a request. */
    static Map<String, String> wrong(Map<String, String> answers) {
        Map<String, String> reasons = new LinkedHashMap<>();
        addresses(answers, reasons);
        body(ON_BODY, ON_ADDRESS, answers, reasons);
        body(OFF_BODY, OFF_ADDRESS, answers, reasons);
        body(SHUT_DOWN_BODY, SHUT_DOWN_ADDRESS, answers, reasons);
        if (!METHODS.contains(answers.getOrDefault(METHOD, "POST"))) {
            reasons.put(METHOD, "one of " + String.join(", ", METHODS));
        }
        login(answers, reasons);
        meaning(answers, reasons);
        String fingerprint = answers.getOrDefault(FINGERPRINT, "");
        if (!fingerprint.isEmpty() && Fingerprint.parse(fingerprint).isEmpty()) {
            reasons.put(
                    FINGERPRINT,
                    quoted(fingerprint) + " is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons");
        }
        return reasons;
    }

    private static void addresses(Map<String, String> answers, Map<String, String> reasons) {
        boolean pinned = !answers.getOrDefault(FINGERPRINT, "").isEmpty();
        boolean any = false;
        for (String question : ADDRESSES) {
            String answer = answers.getOrDefault(question, "");
            if (answer.isEmpty()) {
                continue;
            }
            any = true;
            try {
                if (!Address.parse(answer).isSecure() && pinned) {
                    reasons.put(question, "where a fingerprint is answered it must begin with https://");
                }
            } catch (IllegalArgumentException wrong) {
                reasons.put(question, quoted(answer) + " " + wrong.getMessage());
            }
        }
        if (!any) {
            reasons.put(ON_ADDRESS, "at least one of " + String.join(", ", ADDRESSES) + " is needed");
        }
    }

    private static void body(
            String question, String address, Map<String, String> answers, Map<String, String> reasons) {
        String body = answers.getOrDefault(question, "");
        if (body.isEmpty()) {
            return;
        }
        if (answers.getOrDefault(address, "").isEmpty()) {
            reasons.put(question, "there is no " + address + " to send it to");
        } else if (answers.getOrDefault(METHOD, "").equals("GET")) {
            reasons.put(question, "a GET has no body: choose another method");
        } else {
            JsonText.wrong(body).ifPresent(wrong -> reasons.put(question, wrong));
        }
    }

    private static void login(Map<String, String> answers, Map<String, String> reasons) {
        String token = answers.getOrDefault(TOKEN, "");
        String user = answers.getOrDefault(USER, "");
        String password = answers.getOrDefault(PASSWORD, "");
        if (!token.isEmpty() && !TOKENS.matcher(token).matches()) {
            reasons.put(TOKEN, "it must have 1 to 1024 ASCII characters, no spaces");
        }
        if (!token.isEmpty() && !user.isEmpty()) {
            reasons.put(USER, "there is a token already: answer one of them, and the other with nothing");
        }
        if (!user.isEmpty() && !USERS.matcher(user).matches()) {
            reasons.put(USER, quoted(user) + " is no name of 1 to 128 characters without colon");
        }
        if (user.isEmpty() != password.isEmpty()) {
            reasons.put(PASSWORD, "user and password are answered both, or none of them");
        } else if (!password.isEmpty() && !PASSWORDS.matcher(password).matches()) {
            reasons.put(PASSWORD, "it must have 1 to 256 characters, none of them a control character");
        }
    }

    private static void meaning(Map<String, String> answers, Map<String, String> reasons) {
        if (answers.getOrDefault(STATE_ADDRESS, "").isEmpty()) {
            return;
        }
        String pointer = answers.getOrDefault(POINTER, "");
        try {
            JsonPointer.compile(pointer);
        } catch (IllegalArgumentException none) {
            reasons.put(POINTER, quoted(pointer) + " is no JSON pointer: it begins with /, as /state");
        }
        for (String question : List.of(SAYS_ON, SAYS_OFF)) {
            String answer = answers.getOrDefault(question, "");
            if (answer.isEmpty()) {
                reasons.put(question, "it is needed to understand what " + STATE_ADDRESS + " answers");
            } else if (pointer.isEmpty()) {
                expression(question, answer, reasons);
            }
        }
        if (answers.getOrDefault(SAYS_ON, "").equals(answers.getOrDefault(SAYS_OFF, ""))) {
            reasons.putIfAbsent(SAYS_OFF, "it is the same as " + SAYS_ON);
        }
    }

    private static void expression(String question, String answer, Map<String, String> reasons) {
        if (answer.length() > LONGEST_EXPRESSION) {
            reasons.put(question, "a regular expression has at most " + LONGEST_EXPRESSION + " characters");
            return;
        }
        try {
            Pattern.compile(answer);
        } catch (PatternSyntaxException none) {
            reasons.put(question, quoted(answer) + " is no regular expression: " + none.getDescription());
        } catch (StackOverflowError nested) {
            reasons.put(question, quoted(answer) + " is no regular expression: it is nested too deep");
        }
    }

    private static String quoted(String answer) {
        return "\"" + Name.printable(answer) + "\"";
    }
}
