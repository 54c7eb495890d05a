package org.qrm.plugin.ipmi.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.plugin.device.Machine;

/** A machine's serial console, by a BMC that OpenIPMI simulates. */
public class ConsoleTest {

    private static final TerminalSize SIZE = new TerminalSize(80, 24);
    private static final String ALPHABET = "~~~\r\r\n.?B\u0018\u001ax\u001b\u007f\u00e9";
    private static final int STORIES = 12;
    private static final int LONGEST = 40;

    @Rule
    public final IpmiSimulator bmc = new IpmiSimulator();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private IpmiPower power;

    @Before
    public void open() {
        power = power(new Ipmitool(Ipmitool::find), Map.of());
    }

    private IpmiPower power(Ipmitool ipmitool, Map<String, String> answers) {
        return new IpmiPower(new Machine("ipmi", bmc.answers(answers)), ipmitool, Pace.STANDARD);
    }

    @After
    public void leavesNoChild() throws Exception {
        power.stop();
        assertEquals(List.of(), consoles());
    }

    private Terminal console() {
        return power.openConsole(WEB1, SIZE);
    }

    private static void type(Terminal terminal, String keys) throws IOException {
        terminal.input().write(keys.getBytes(ISO_8859_1));
        terminal.input().flush();
    }

    private static void await(Terminal terminal, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = terminal.output().read();
            assertTrue("it ends with: " + seen, next >= 0);
            seen.append((char) next);
        }
        assertEquals("nothing else is shown", text, seen.toString());
    }

    private static Problem refused(org.junit.function.ThrowingRunnable attempt) {
        return assertThrows(QrmException.class, attempt).problem();
    }

    private static List<ProcessHandle> consoles() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").matches(".*/(ipmitool|stdbuf)"))
                .toList();
    }

    @Test
    public void showsWhatIsWrittenAlsoBeforeTheLineEnds() throws Exception {
        Terminal terminal = console();
        bmc.line().say("web1 login: ");
        await(terminal, "web1 login: ");
        terminal.resize(new TerminalSize(132, 50));
        type(terminal, "root\r");
        assertEquals("root\r", bmc.line().await("root\r"));
        terminal.close();
        terminal.close();
        terminal.resize(SIZE);
        assertEquals(-1, terminal.output().read());
    }

    /** ipmitool would take some of them for orders to itself. */
    @Test
    public void passesEveryKeyOn() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Terminal terminal = console();
        StringBuilder typed = new StringBuilder();
        for (int story = 0; story < STORIES; story++) {
            StringBuilder keys = new StringBuilder();
            for (int length = 1 + random.nextInt(LONGEST); keys.length() < length; ) {
                keys.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            typed.append(story == 0 ? "~." : "").append(keys).append('E').append(story);
            type(terminal, (story == 0 ? "~." : "") + keys + 'E' + story);
            assertEquals("seed " + seed, typed.toString(), bmc.line().await("E" + story));
        }
        terminal.close();
    }

    @Test
    public void isForOneAtATime() throws Exception {
        Terminal first = console();
        Problem problem = refused(this::console);
        assertEquals(Problem.Kind.CONFLICT, problem.kind());
        assertTrue(problem.sentence(), problem.reason().startsWith("somebody else is at it"));
        bmc.line().say("still here");
        await(first, "still here");
        first.close();
        Terminal second = console();
        // what the first had typed ipmi_sim would take this for, by its number
        type(second, "y");
        bmc.line().await("y");
        second.close();
    }

    /** As after a crash of the server's host. */
    @Test
    public void takesAConsoleThatNobodyEnded() throws Exception {
        Terminal first = console();
        consoles().forEach(ProcessHandle::destroyForcibly);
        assertEquals(-1, first.output().read());
        IpmiPower after = power(new Ipmitool(Ipmitool::find), Map.of());
        Terminal second = after.openConsole(WEB1, SIZE);
        type(second, "y");
        bmc.line().await("y");
        second.close();
        after.stop();
    }

    @Test
    public void isFreeAgainWhenItHasEndedByItself() throws Exception {
        Terminal first = console();
        ProcessHandle child = consoles().get(0);
        child.destroyForcibly();
        assertEquals(-1, first.output().read());
        child.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        first.close();
        console().close();
    }

    @Test
    public void tellsThatTheBmcLetsNobodyElseGo() throws Exception {
        Terminal elsewhere = console();
        IpmiPower other = power(new Ipmitool(() -> Optional.of(withoutFreeing())), Map.of());
        Problem problem = refused(() -> other.openConsole(WEB1, SIZE));
        assertEquals(Problem.Kind.CONFLICT, problem.kind());
        assertTrue(problem.sentence(), problem.reason().contains("SOL payload already active on another session"));
        elsewhere.close();
    }

    /** An ipmitool whose BMC does not end a console. */
    private Path withoutFreeing() {
        try {
            Path script = folder.newFile().toPath();
            Files.writeString(script, """
                    #!/bin/sh
                    case $* in
                    *deactivate) echo 'Info: SOL payload already de-activated'; exit 1 ;;
                    esac
                    exec '%s' "$@"
                    """.formatted(Ipmitool.find().orElseThrow()));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            return script;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void tellsAWrongPasswordAndTriesItOnce() throws Exception {
        Path calls = folder.newFile().toPath();
        Path script = folder.newFile().toPath();
        Files.writeString(
                script,
                "#!/bin/sh\necho \"$*\" >>'" + calls + "'\nexec '"
                        + Ipmitool.find().orElseThrow() + "' \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        IpmiPower wrong = power(new Ipmitool(() -> Optional.of(script)), Map.of("password", "another"));
        Problem problem = refused(() -> wrong.openConsole(WEB1, SIZE));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.sentence(), problem.reason().startsWith("the password is not that of this user"));
        assertEquals(1, Files.readAllLines(calls).size());
        assertFalse(Files.readString(calls), Files.readString(calls).contains("another"));
    }

    @Test
    public void keepsThePasswordOutOfItsArguments() throws Exception {
        Terminal terminal = console();
        for (ProcessHandle child : consoles()) {
            String line = Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"), ISO_8859_1);
            assertTrue(line, line.contains("activate"));
            assertFalse(line, line.contains(IpmiSimulator.PASSWORD));
        }
        terminal.close();
    }

    @Test
    public void endsWithThePlugin() throws Exception {
        Terminal terminal = console();
        power.stop();
        assertEquals(List.of(), consoles());
        try (InputStream output = terminal.output()) {
            assertEquals(-1, output.read());
        }
        assertEquals(Problem.Kind.UNAVAILABLE, refused(this::console).kind());
    }

    @Test
    public void endsAlsoWhenTheBmcIsGone() throws Exception {
        Terminal terminal = console();
        bmc.end();
        terminal.close();
        assertEquals(List.of(), consoles());
        Problem problem = refused(this::console);
        assertEquals(problem.sentence(), Problem.Kind.UNREACHABLE, problem.kind());
    }
}
