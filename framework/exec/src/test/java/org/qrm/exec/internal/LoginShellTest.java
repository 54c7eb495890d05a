package org.qrm.exec.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;

/** Against a real OpenSSH server where root has one of the login shells that people have, and what they put into its start-up files. */
@RunWith(Parameterized.class)
public class LoginShellTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @ClassRule
    public static final OpenSshServer SERVER = new OpenSshServer();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String shell;
    private final String startUp;
    private final String text;
    private SshRemoteCommands commands;
    private SshHost host;

    public LoginShellTest(String shell, String startUp, String text) {
        this.shell = shell;
        this.startUp = startUp;
        this.text = text;
    }

    @Parameters(name = "{0} with {1}: {2}")
    public static List<String[]> shells() {
        return List.of(
                row("bash", "", ""),
                row("bash", ".bashrc", "echo Welcome to node src1"),
                row("bash", ".bashrc", "printf 'no line end'; printf 'nor here' >&2"),
                row("bash", ".bashrc", "head -c 300000 /dev/zero; echo q qrm qrm-start- >&2"),
                row("bash", ".bashrc", "set -o noclobber; set -o nounset; alias sh=false exec=false"),
                row("tcsh", "", ""),
                row("tcsh", ".tcshrc", "echo Welcome; echo to tcsh"),
                row("tcsh", ".cshrc", "set histchars = '!^'; echo 'It is '`date`"),
                row("fish", "", ""),
                row("fish", ".config/fish/config.fish", "echo Welcome to fish"),
                row("zsh", "", ""),
                row("zsh", ".zshenv", "echo Welcome; setopt extended_glob nomatch"),
                row("dash", "", ""));
    }

    private static String[] row(String... row) {
        return row;
    }

    @Before
    public void logIn() throws Exception {
        assumeTrue("skipped: there is no /bin/" + shell, Files.isExecutable(Path.of("/bin", shell)));
        Path home = folder.newFolder("home").toPath();
        if (!startUp.isEmpty()) {
            Path file = home.resolve(startUp);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text + "\n");
        }
        SERVER.rootHas("/bin/" + shell, home);
        host = SERVER.host(SERVER.hostKey("ecdsa"));
        commands = new SshRemoteCommands(
                new FixedSettings(folder.newFolder("server").toPath()), id -> Optional.empty());
        SERVER.letIn(commands.authorizedKey());
    }

    @After
    public void stop() {
        if (commands != null) {
            commands.stop();
        }
    }

    @Test
    public void theCommandGetsEachWordAsItIsAndTheCallerNothingButItsOutput() {
        List<String> hostile = List.of(
                "$(id)", "a'b\"c", "", "x\ny", "\n", "*", ";id", "-n", "`id`", "\\", "\\\\", "\\'", "ü€😀", "#", "!!",
                "=ls", "%1", "{a,b}", "^a^b", "~", "$HOME", "\t", "\\0101", "\\c", "a\\", "%s");
        List<String> words = new ArrayList<>(List.of("printf", "<%s>"));
        words.addAll(hostile);
        CommandResult result = commands.run(host, new Command(words, null, LONG, 1024, null));
        assertEquals("<" + String.join("><", hostile) + ">", result.output());
    }

    @Test
    public void aScriptOfSeveralLinesRunsAsAnArgumentAndFromItsInput() {
        String script = "for each in \"$@\"; do\n    echo 'it is' \"$each\" # it's\ndone\nexit 7\n";
        CommandResult argument = commands.run(host, Command.of(LONG, "sh", "-c", script, "qrm", "a", "b!"));
        assertEquals(new CommandResult(7, "it is a\nit is b!\n", argument.error(), false), argument);
        CommandResult input = commands.run(
                host,
                new Command(
                        List.of("sh", "-s", "--", "a", "b!"),
                        new ByteArrayInputStream(script.getBytes(UTF_8)),
                        LONG,
                        1024,
                        null));
        assertEquals(new CommandResult(7, "it is a\nit is b!\n", input.error(), false), input);
    }

    @Test
    public void bytesArriveAsTheyWereSentInBothDirections() throws Exception {
        byte[] sent = new byte[200_000];
        new Random(1).nextBytes(sent);
        try (RemoteCommands.Session session = commands.open(host, List.of("cat"), LONG, line -> {})) {
            Thread feeder = new Thread(() -> {
                try (var to = session.input()) {
                    to.write(sent);
                } catch (java.io.IOException ended) {
                    throw new java.io.UncheckedIOException(ended);
                }
            });
            feeder.start();
            assertArrayEquals(sent, session.output().readAllBytes());
            assertEquals(0, session.await());
            feeder.join();
        }
    }

    @Test
    public void aSessionThatNobodyReadsEndsAsWell() throws Exception {
        try (RemoteCommands.Session session = commands.open(host, List.of("true"), LONG, line -> {})) {
            session.input().close();
            assertEquals(0, session.await());
        }
    }

    @Test
    public void aCommandThatIsNotThereIsNoFaultOfTheShell() {
        assertEquals(
                127, commands.run(host, Command.of(LONG, "no-such-program")).exitStatus());
    }

    @Test
    public void aShellThatRunsSomethingElseIsNamed() throws Exception {
        SERVER.letIn("command=\"echo This account is not available\" " + commands.authorizedKey());
        QrmException problem = assertThrows(QrmException.class, () -> commands.run(host, Command.of(LONG, "true")));
        assertEquals(Kind.FAILED, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains("login shell of root there"));
        if (startUp.isEmpty()) {
            assertTrue(problem.getMessage(), problem.getMessage().contains("\"This account is not available\""));
        }
    }
}
