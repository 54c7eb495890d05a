package org.qrm.plugin.redfish.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.plugin.device.Machine;

public class ServiceQuestionsTest {

    private static final String HEX = "ab".repeat(32);

    private final ServiceQuestions questions = new ServiceQuestions();

    @Test
    public void takesWhatIsRight() {
        for (String address : List.of("10.0.0.12", "10.0.0.12:8443", "bmc-1.example.org", "bmc-1:443")) {
            assertEquals(address, Map.of(), wrong("address", address));
        }
        for (String system : List.of("", "1", "System.Embedded.1", "/redfish/v1/Systems/1", "437XR1138R2")) {
            assertEquals(system, Map.of(), wrong("system", system));
        }
        for (String print : List.of("", HEX, HEX.toUpperCase(java.util.Locale.ROOT), "ab:".repeat(31) + "AB")) {
            assertEquals(print, Map.of(), wrong("fingerprint", print));
        }
    }

    @Test
    public void refusesWhatIsNoAddress() {
        for (String address : List.of(
                "",
                "https://10.0.0.12",
                "10.0.0.256",
                "bmc:0",
                "bmc:65536",
                "bmc:",
                "a b",
                "a/b",
                "u@bmc",
                "-bmc",
                "[::1]",
                "bmc?x",
                "10.0.0.12:80:80")) {
            assertEquals(address, Set.of("address"), wrong("address", address).keySet());
        }
    }

    @Test
    public void refusesOtherOddAnswers() {
        assertEquals(Set.of("user"), wrong("user", "a:b").keySet());
        assertEquals(Set.of("user"), wrong("user", "").keySet());
        assertEquals(Set.of("password"), wrong("password", "").keySet());
        assertEquals(Set.of("password"), wrong("password", "a\nb").keySet());
        assertEquals(Set.of("system"), wrong("system", "//elsewhere/x").keySet());
        assertEquals(Set.of("system"), wrong("system", "a b").keySet());
        assertEquals(Set.of("system"), wrong("system", "1#2").keySet());
        assertEquals(Set.of("fingerprint"), wrong("fingerprint", "ab").keySet());
        assertEquals(Set.of("fingerprint"), wrong("fingerprint", HEX + "0").keySet());
        assertEquals(Set.of("bootFromNetwork"), wrong("bootFromNetwork", "yes").keySet());
    }

    @Test
    public void tellsNoPassword() {
        assertFalse(wrong("password", "s3cret\n").toString().contains("s3cret"));
        assertFalse(Service.of("web1", answers("password", "s3cret")).toString().contains("s3cret"));
    }

    @Test
    public void asksForThePasswordAsASecret() {
        assertEquals(
                List.of("password"),
                questions.questions().stream()
                        .filter(question -> question.type() == Question.Type.SECRET)
                        .map(Question::name)
                        .toList());
    }

    @Test
    public void proposesTheAddressThatTheMachineTells() {
        assertEquals(Map.of(), questions.proposals(Machine.WEB1));
        Resource told = Machine.made(new Hardware(1, 1, 1, List.of(), Map.of(Hardware.BMC_ADDRESS, "10.9.0.1")));
        assertEquals(Map.of("address", "10.9.0.1"), questions.proposals(told));
    }

    private Map<String, String> wrong(String name, String answer) {
        return questions.validate(answers(name, answer));
    }

    private static Map<String, String> answers(String name, String answer) {
        Map<String, String> answers = new HashMap<>(Map.of(
                "address", "10.0.0.12",
                "user", "qrm",
                "password", "secret",
                "system", "",
                "fingerprint", "",
                "bootFromNetwork", "true"));
        answers.put(name, answer);
        return answers;
    }
}
