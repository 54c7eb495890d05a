package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.Question;
import org.qrm.api.power.BootDevice;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.plugin.device.Machine;

public class BmcQuestionsTest {

    private final BmcQuestions questions = new BmcQuestions();

    @Test
    public void takesTheLeastThatIsToBeAnswered() {
        assertEquals(Map.of(), questions.validate(answers(Map.of())));
    }

    @Test
    public void asksForThePasswordAsASecret() {
        Question password = questions.questions().stream()
                .filter(question -> question.name().equals("password"))
                .findFirst()
                .orElseThrow();
        assertEquals(Question.Type.SECRET, password.type());
    }

    @Test
    public void takesHostNamesAndAddresses() {
        for (String address : List.of("10.0.0.12", "bmc12", "bmc12.site.example", "223.255.255.254")) {
            assertEquals(address, Map.of(), questions.validate(answers(Map.of("address", address))));
        }
    }

    @Test
    public void refusesWhatIsNoAddress() {
        for (String address : List.of(
                "",
                "-H",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.12 -v",
                "a b",
                "a;b",
                "bmc_12",
                "fe80::1",
                "10.0.0.12\n")) {
            assertWrong("address", address);
        }
    }

    @Test
    public void refusesUsersThatIpmitoolOrABmcMistakes() {
        for (String user : List.of("", "-f", "a b", "12345678901234567", "ü", "a\n", "a\0b")) {
            assertWrong("user", user);
        }
        assertEquals(Map.of(), questions.validate(answers(Map.of("user", "a-b@site_1"))));
    }

    @Test
    public void refusesPasswordsThatNoBmcHas() {
        for (String password : List.of("", "123456789012345678901", "a\nb", "pässword", "\0")) {
            assertWrong("password", password);
        }
        for (String password : List.of("12345678901234567890", "-P", " $(id) \"'")) {
            assertEquals(Map.of(), questions.validate(answers(Map.of("password", password))));
        }
    }

    @Test
    public void refusesPortsThatAreNone() {
        for (String port : List.of("0", "65536", "-1", "99999999999", "")) {
            assertWrong("port", port);
        }
    }

    @Test
    public void refusesOtherChoices() {
        assertWrong("privilege", "USER");
        assertWrong("cipherSuite", "0");
        assertWrong("uefi", "maybe");
    }

    @Test
    public void neverShowsThePassword() {
        assertFalse(questions
                .validate(answers(Map.of("password", "pässword")))
                .toString()
                .contains("pässword"));
        assertFalse(Bmc.of("web1", answers(Map.of())).toString().contains("s3cret"));
    }

    @Test
    public void tellsUefiMachinesFromOthers() {
        assertEquals(
                List.of("chassis", "bootdev", "pxe"),
                Bmc.of("web1", answers(Map.of())).nextBoot(BootDevice.NETWORK));
        assertEquals(
                List.of("chassis", "bootdev", "pxe", "options=efiboot"),
                Bmc.of("web1", answers(Map.of("uefi", "true"))).nextBoot(BootDevice.NETWORK));
    }

    /** What is kept may be older than the rules. */
    @Test
    public void passesNothingOnThatItWouldRefuse() {
        assertThrows(QrmException.class, () -> Bmc.of("web1", answers(Map.of("user", "-f"))));
    }

    @Test
    public void proposesTheAddressThatTheMachineTells() {
        assertEquals(Map.of(), questions.proposals(Machine.WEB1));
        Resource told = Machine.made(new Hardware(1, 1, 1, List.of(), Map.of(Hardware.BMC_ADDRESS, "10.9.0.1")));
        assertEquals(Map.of("address", "10.9.0.1"), questions.proposals(told));
    }

    private void assertWrong(String name, String answer) {
        assertEquals(
                answer,
                Set.of(name),
                questions.validate(answers(Map.of(name, answer))).keySet());
    }

    /** The defaults, and what has none. */
    private Map<String, String> answers(Map<String, String> others) {
        Map<String, String> answers = new HashMap<>();
        for (Question question : questions.questions()) {
            answers.put(question.name(), question.defaultAnswer());
        }
        answers.putAll(Map.of("address", "10.0.0.12", "user", "qrm", "password", "s3cret"));
        answers.putAll(others);
        return answers;
    }
}
