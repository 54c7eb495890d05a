package org.qrm.plugin.webhookpower.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;
import static org.qrm.plugin.device.Machine.WEB1;
import static org.qrm.plugin.webhookpower.internal.WebhookPowerTest.problem;
import static org.qrm.plugin.webhookpower.internal.WebhookPowerTest.with;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.power.PowerState;
import org.qrm.plugin.device.Machine;

/** The service of the documentation, with a script behind it. */
public class ScriptBehindAServiceTest {

    private static final Pattern PROGRAM = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final String TOKEN = "t0ken";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Process program;
    private String base;
    private Path calls;

    @Before
    public void start() throws IOException {
        assumeTrue("skipped: no python3 here", Files.exists(Path.of("/usr/bin/python3")));
        Path root = folder.getRoot().toPath();
        calls = root.resolve("calls");
        Path script = root.resolve("switch");
        Files.writeString(script, """
                #!/bin/sh
                cd "${0%/*}" || exit
                echo "$*" >>calls
                case $2 in
                    state) cat now ;;
                    off) echo 'the outlet is stuck' >&2; exit 1 ;;
                    *) echo "$2" >now ;;
                esac
                """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(root.resolve("now"), "off\n");
        Matcher shown = PROGRAM.matcher(Files.readString(Path.of("../../docs/webhook-power.md")));
        assertTrue("the documentation shows a program", shown.find());
        Path file = Files.writeString(root.resolve("power-service"), shown.group(1));
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/python3", file.toString(), "0", script.toString());
        builder.environment().put("TOKEN", TOKEN);
        program = builder.redirectError(root.resolve("said").toFile()).start();
        BufferedReader out = program.inputReader(StandardCharsets.US_ASCII);
        base = "http://127.0.0.1:" + out.readLine();
    }

    @After
    public void stop() {
        if (program != null) {
            program.destroy();
            program.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    @Test
    public void isSwitchedByTheScript() throws IOException {
        Machine machine = machine(TOKEN);
        with(machine, power -> {
            assertEquals(PowerState.OFF, power.state(WEB1));
            power.powerOn(WEB1, machine);
            assertEquals(PowerState.ON, power.state(WEB1));
            Problem problem = problem(() -> power.powerOff(WEB1, machine.within(java.time.Duration.ofSeconds(3))));
            assertTrue(problem.reason(), problem.reason().contains("it is not off in time"));
            assertTrue(machine.log.toString(), machine.log.toString().contains("the outlet is stuck"));
        });
        List<String> lines = Files.readAllLines(calls);
        assertEquals(
                List.of("52:54:00:aa:00:01 state", "52:54:00:aa:00:01 state", "52:54:00:aa:00:01 on"),
                lines.subList(0, 3));
    }

    @Test
    public void asksForItsToken() {
        Machine stranger = machine("another");
        with(stranger, power -> {
            Problem problem = problem(() -> power.powerOn(WEB1, stranger));
            assertTrue(problem.reason(), problem.reason().startsWith("token, or user and password, are not right"));
        });
        assertFalse(Files.exists(calls));
    }

    private Machine machine(String token) {
        Map<String, String> answers = new HashMap<>();
        new SwitchQuestions().questions().forEach(question -> answers.put(question.name(), question.defaultAnswer()));
        answers.put("onAddress", base + "/{mac}/on");
        answers.put("offAddress", base + "/{mac}/off");
        answers.put("stateAddress", base + "/{mac}/state");
        answers.put("token", token);
        return new Machine(WebhookPower.ID, answers);
    }
}
