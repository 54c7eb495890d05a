package org.qrm.plugin.webhookpower.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.plugin.Question;

public class SwitchQuestionsTest {

    private static final String PRINT = "ab".repeat(32);

    private final SwitchQuestions questions = new SwitchQuestions();

    /** An answer, or two, and which question is wrong then; empty when none is. */
    private record Case(Map<String, String> answers, String wrong) {}

    @Test
    public void takesWhatIsRightAndNamesWhatIsWrong() {
        List<Case> all = List.of(
                new Case(Map.of("onAddress", "https://pdu/outlets/{name}?mac={mac}&id={id}"), ""),
                new Case(Map.of("onAddress", "http://10.0.0.1:8080"), ""),
                new Case(Map.of("onAddress", "https://pdu.example.org:65535?a=%2F'()"), ""),
                new Case(state(Map.of("onAddress", "", "stateAddress", "https://pdu/")), ""),
                new Case(Map.of("onAddress", ""), "onAddress"),
                new Case(Map.of("onAddress", "pdu/on"), "onAddress"),
                new Case(Map.of("onAddress", "ftp://pdu/on"), "onAddress"),
                new Case(Map.of("onAddress", "file:///etc/passwd"), "onAddress"),
                new Case(Map.of("onAddress", "https://u:p@pdu/on"), "onAddress"),
                new Case(Map.of("onAddress", "https://{name}/on"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu:0/on"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu:65536/on"), "onAddress"),
                new Case(Map.of("onAddress", "https:///on"), "onAddress"),
                new Case(Map.of("onAddress", "https://[::1]/on"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/a b"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/ä"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/%2"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/on#x"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/{password}"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/{na{name}me}"), "onAddress"),
                new Case(Map.of("onAddress", "https://pdu/{}"), "onAddress"),
                new Case(Map.of("offAddress", "https://pdu/{"), "offAddress"),
                new Case(Map.of("onAddress", "http://pdu/on", "fingerprint", PRINT), "onAddress"),
                new Case(Map.of("fingerprint", PRINT), ""),
                new Case(Map.of("fingerprint", "ab"), "fingerprint"),
                new Case(Map.of("method", "DELETE"), "method"),
                new Case(Map.of("onBody", "{\"a\": \"{mac}\"}"), ""),
                new Case(Map.of("onBody", "{\"a\": {mac}}"), "onBody"),
                new Case(Map.of("onBody", "{\"a\": \"{ip}\"}"), "onBody"),
                new Case(Map.of("onBody", "[{\"a\": [\"{ip}\"]}]"), "onBody"),
                new Case(Map.of("onBody", "{} {}"), "onBody"),
                new Case(Map.of("onBody", "{\"a\": {}}"), ""),
                new Case(Map.of("onBody", "{}", "method", "GET"), "onBody"),
                new Case(Map.of("offBody", "{}"), "offBody"),
                new Case(Map.of("shutDownAddress", "https://pdu/{mac}/soft", "shutDownBody", "{}"), ""),
                new Case(Map.of("shutDownAddress", "pdu/soft"), "shutDownAddress"),
                new Case(Map.of("shutDownBody", "{}"), "shutDownBody"),
                new Case(Map.of("token", "abc.def-1=="), ""),
                new Case(Map.of("token", "a b"), "token"),
                new Case(Map.of("token", "a\r\nX: y"), "token"),
                new Case(Map.of("token", "x", "user", "u", "password", "p"), "user"),
                new Case(Map.of("user", "u", "password", "p"), ""),
                new Case(Map.of("user", "u"), "password"),
                new Case(Map.of("password", "p"), "password"),
                new Case(Map.of("user", "a:b", "password", "p"), "user"),
                new Case(state(Map.of()), ""),
                new Case(state(Map.of("pointer", "/a/0/b~1c")), ""),
                new Case(state(Map.of("pointer", "state")), "pointer"),
                new Case(state(Map.of("saysOn", "")), "saysOn"),
                new Case(state(Map.of("saysOff", "on")), "saysOff"),
                new Case(state(Map.of("saysOn", "(")), ""),
                new Case(state(Map.of("pointer", "", "saysOn", "(")), "saysOn"),
                new Case(state(Map.of("pointer", "", "saysOn", "x".repeat(201))), "saysOn"),
                new Case(state(Map.of("pointer", "", "saysOn", "(?i)power.*on\\b")), ""));
        for (Case each : all) {
            Map<String, String> wrong = questions.validate(with(each.answers()));
            assertEquals(
                    each.answers() + " " + wrong,
                    each.wrong().isEmpty() ? Set.of() : Set.of(each.wrong()),
                    wrong.keySet());
        }
    }

    @Test
    public void tellsNoSecret() {
        Map<String, String> answers = with(Map.of("user", "qrm", "password", "s3cret\n"));
        assertFalse(questions.validate(answers).toString().contains("s3cret"));
        assertTrue(questions.validate(answers).containsKey("password"));
        answers.put("password", "s3cret");
        assertFalse(PowerService.of(WEB1, answers).toString().contains("s3cret"));
        assertEquals(
                List.of("token", "password"),
                questions.questions().stream()
                        .filter(question -> question.type() == Question.Type.SECRET)
                        .map(Question::name)
                        .toList());
    }

    @Test
    public void takesItsOwnProposals() {
        Map<String, String> proposed = new HashMap<>();
        questions.questions().forEach(question -> proposed.put(question.name(), question.defaultAnswer()));
        assertEquals(Set.of("onAddress"), questions.validate(proposed).keySet());
        proposed.put("stateAddress", "https://pdu/{name}");
        assertEquals(Map.of(), questions.validate(proposed));
    }

    private static Map<String, String> state(Map<String, String> others) {
        Map<String, String> answers = new HashMap<>(
                Map.of("stateAddress", "https://pdu/state", "pointer", "/state", "saysOn", "on", "saysOff", "off"));
        answers.putAll(others);
        return answers;
    }

    private static Map<String, String> with(Map<String, String> others) {
        Map<String, String> answers = new HashMap<>(Map.of("onAddress", "https://pdu/on", "method", "POST"));
        answers.putAll(others);
        return answers;
    }
}
