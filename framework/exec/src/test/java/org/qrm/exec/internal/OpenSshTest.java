package org.qrm.exec.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.CancelledException;

/** Against a real OpenSSH server. */
public class OpenSshTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @ClassRule
    public static final OpenSshServer SERVER = new OpenSshServer();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private SshRemoteCommands commands;
    private SshHost host;

    @Before
    public void start() throws Exception {
        host = SERVER.host(SERVER.hostKey("ecdsa"));
        commands = new SshRemoteCommands(
                new FixedSettings(folder.getRoot().toPath()), id -> id == 1 ? Optional.of(host) : Optional.empty());
        SERVER.letIn(commands.authorizedKey());
    }

    @After
    public void stop() {
        if (commands != null) {
            commands.stop();
        }
    }

    @Test
    public void tellsOutputErrorAndStatus() {
        CommandResult result = run("sh", "-c", "echo out; echo err >&2; exit 7");
        assertEquals(new CommandResult(7, "out\n", "err\n", false), result);
    }

    @Test
    public void opensATerminalOfThatSizeForAVerb() throws Exception {
        SERVER.letIn("command=\"stty size; echo $TERM $SSH_ORIGINAL_COMMAND; exec sh\" " + commands.authorizedKey());
        try (Terminal terminal = commands.openTerminal(1, List.of("xen/manage", "attach"), new TerminalSize(97, 31))) {
            terminal.input().write("tty && exit\r".getBytes(UTF_8));
            terminal.input().flush();
            String shown = new String(terminal.output().readAllBytes(), UTF_8);
            assertTrue(shown, shown.contains("31 97\r\nxterm-256color xen/manage YXR0YWNo\r\n"));
            assertTrue(shown, shown.contains("/dev/pts/"));
            terminal.resize(new TerminalSize(80, 24));
        }
    }

    @Test
    public void tellsATerminalAnotherSize() throws Exception {
        SERVER.letIn("command=\"while stty size; do sleep 0.1; done\" " + commands.authorizedKey());
        try (Terminal terminal = commands.openTerminal(1, List.of("shell"), new TerminalSize(80, 24))) {
            BufferedReader shown = new BufferedReader(new InputStreamReader(terminal.output(), UTF_8));
            assertEquals("24 80", shown.readLine());
            terminal.resize(new TerminalSize(132, 50));
            String size = shown.readLine();
            while (size.equals("24 80")) {
                size = shown.readLine();
            }
            assertEquals("50 132", size);
        }
    }

    @Test
    public void hangsUpATerminalThatIsClosed() throws Exception {
        SERVER.letIn("command=\"echo $$; exec sleep 600\" " + commands.authorizedKey());
        Path pid = folder.getRoot().toPath().resolve("pid");
        try (Terminal terminal = commands.openTerminal(1, List.of("shell"), new TerminalSize(80, 24))) {
            BufferedReader shown = new BufferedReader(new InputStreamReader(terminal.output(), UTF_8));
            Files.writeString(pid, shown.readLine());
            assertTrue(alive(pid));
        }
        awaitEnd(pid);
    }

    @Test
    public void opensNoTerminalOfNoSizeOrWithoutAMachine() {
        QrmException refused = assertThrows(
                QrmException.class, () -> commands.openTerminal(2, List.of("shell"), new TerminalSize(80, 24)));
        assertEquals(Kind.CONFLICT, refused.problem().kind());
        assertThrows(QrmException.class, () -> new TerminalSize(0, 24));
        assertThrows(QrmException.class, () -> new TerminalSize(80, 1001));
    }

    @Test
    public void handsOverEachWordAsItIs() {
        List<String> hostile =
                List.of("$(id)", "a'b\"c", "", "x\ny", "*", ";id", "-n", "`id`", "\\", "ü€😀", "#", "!!");
        List<String> words = new ArrayList<>(List.of("printf", "<%s>"));
        words.addAll(hostile);
        CommandResult result = commands.run(host, new Command(words, null, LONG, 1024, null));
        assertEquals("<" + String.join("><", hostile) + ">", result.output());
    }

    @Test
    public void sendsInputAndClosesIt() {
        byte[] input = "x".repeat(3_000_000).getBytes(UTF_8);
        CommandResult result =
                commands.run(host, new Command(List.of("wc", "-c"), new ByteArrayInputStream(input), LONG, 100, null));
        assertEquals("3000000", result.output().strip());
    }

    @Test
    public void aCommandWithoutInputSeesItsEndAtOnce() {
        assertEquals(0, run("cat").exitStatus());
    }

    @Test
    public void tellsProgressWhileTheCommandRuns() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Path go = folder.getRoot().toPath().resolve("go");
        String script = "echo one >&2; until [ -e " + go + " ]; do sleep 0.1; done; echo two >&2";
        Future<CommandResult> result = inBackground(() -> commands.run(host, script(script, lines::add)));
        assertEquals("one", lines.poll(30, TimeUnit.SECONDS));
        assertFalse(result.isDone());
        Files.createFile(go);
        assertEquals("one\ntwo\n", result.get(30, TimeUnit.SECONDS).error());
        assertEquals("two", lines.poll(30, TimeUnit.SECONDS));
    }

    @Test
    public void keepsNoMoreOutputThanAskedFor() {
        CommandResult result =
                commands.run(host, new Command(List.of("head", "-c", "30000000", "/dev/zero"), null, LONG, 1000, null));
        assertEquals(1000, result.output().length());
        assertTrue(result.truncated());
    }

    @Test
    public void endsACommandThatTakesTooLong() throws Exception {
        Path pid = folder.getRoot().toPath().resolve("pid");
        Command endless = new Command(
                List.of("sh", "-c", "echo stuck >&2; echo $$ > " + pid + "; exec sleep 600"),
                null,
                Duration.ofSeconds(5),
                100,
                null);
        QrmException problem = assertThrows(QrmException.class, () -> commands.run(host, endless));
        assertEquals(Kind.TIMEOUT, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains("stuck"));
        awaitEnd(pid);
    }

    @Test
    public void anInterruptEndsTheCommand() throws Exception {
        Path pid = folder.getRoot().toPath().resolve("pid");
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Future<CommandResult> result = inBackground(
                () -> commands.run(host, script("echo $$ > " + pid + "; echo up >&2; exec sleep 600", lines::add)));
        assertEquals("up", lines.poll(30, TimeUnit.SECONDS));
        background.shutdownNow();
        ExecutionException ended = assertThrows(ExecutionException.class, () -> result.get(30, TimeUnit.SECONDS));
        assertEquals(CancelledException.class, ended.getCause().getClass());
        awaitEnd(pid);
    }

    @Test
    public void reportsASignalAsAShellDoes() {
        assertEquals(143, run("sh", "-c", "kill -TERM $$").exitStatus());
    }

    @Test
    public void saysThatTheConnectionWasLostWhileACommandRan() {
        QrmException problem = assertThrows(QrmException.class, () -> run("sh", "-c", "kill -9 $PPID; sleep 60"));
        assertEquals(Kind.UNREACHABLE, problem.problem().kind());
    }

    @Test
    public void makesAnotherConnectionAfterOneWasLost() {
        assertThrows(QrmException.class, () -> run("sh", "-c", "kill -9 $PPID; sleep 60"));
        assertEquals(0, run("true").exitStatus());
    }

    @Test
    public void runsManyCommandsAtOnce() throws Exception {
        List<Callable<Integer>> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            int status = i;
            many.add(() -> run("sh", "-c", "sleep 0.2; exit " + status).exitStatus());
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> each : background.invokeAll(many)) {
            statuses.add(each.get());
        }
        assertEquals(java.util.stream.IntStream.range(0, 30).boxed().toList(), statuses);
    }

    @Test
    public void refusesAHostWithAnotherKeyAndNamesBoth() throws Exception {
        String other = ServerKey.in(folder.newFolder().toPath()).authorizedKey();
        SshHost impostor = SERVER.host(other);
        QrmException problem = assertThrows(QrmException.class, () -> commands.run(impostor, Command.of(LONG, "true")));
        assertEquals(Kind.FORBIDDEN, problem.problem().kind());
        assertTrue(
                problem.getMessage(),
                problem.getMessage().contains(HostKey.parse(other).fingerprint()));
        assertTrue(
                problem.getMessage(),
                problem.getMessage()
                        .contains(HostKey.parse(SERVER.hostKey("ecdsa")).fingerprint()));
    }

    @Test
    public void asksAHostWithSeveralKeysForThePinnedOne() throws Exception {
        SshHost pinnedRsa = SERVER.host(SERVER.hostKey("rsa"));
        assertEquals(0, commands.run(pinnedRsa, Command.of(LONG, "true")).exitStatus());
    }

    @Test
    public void showsTheHostKeyThatIsOffered() throws Exception {
        assertEquals(SERVER.hostKey("ecdsa"), commands.offeredHostKey(host.address(), host.port()));
    }

    @Test
    public void saysWhichLineToInstallWhenItsKeyIsNotAccepted() throws Exception {
        SERVER.letIn("");
        QrmException problem = assertThrows(QrmException.class, () -> run("true"));
        assertEquals(Kind.FORBIDDEN, problem.problem().kind());
        assertTrue(problem.getMessage(), problem.getMessage().contains(commands.authorizedKey()));
    }

    @Test
    public void servesTheStreamsOfAnOpenCommand() throws Exception {
        byte[] block = new byte[1 << 20];
        try (RemoteCommands.Session session = commands.open(host, List.of("cat"), LONG, line -> {})) {
            Future<Long> read = inBackground(() -> {
                long count = 0;
                byte[] bytes = new byte[65536];
                for (int n = session.output().read(bytes);
                        n >= 0;
                        n = session.output().read(bytes)) {
                    count += n;
                }
                return count;
            });
            for (int i = 0; i < 16; i++) {
                session.input().write(block);
            }
            session.input().close();
            assertEquals(16L << 20, (long) read.get(60, TimeUnit.SECONDS));
            assertEquals(0, session.await());
        }
    }

    @Test
    public void closingAnOpenCommandEndsIt() throws Exception {
        Path pid = folder.getRoot().toPath().resolve("pid");
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        List<String> words = List.of("sh", "-c", "echo $$ > " + pid + "; echo up >&2; exec sleep 600");
        RemoteCommands.Session session = commands.open(host, words, LONG, lines::add);
        assertEquals("up", lines.poll(30, TimeUnit.SECONDS));
        assertTrue(alive(pid));
        session.close();
        awaitEnd(pid);
    }

    @Test
    public void findsAMachineByItsRegistration() {
        assertEquals(
                127,
                commands.runOnMachine(1, Command.of(LONG, "no-such-verb", "x")).exitStatus());
    }

    @Test
    public void refusesAMachineThatNeverRegistered() {
        QrmException problem =
                assertThrows(QrmException.class, () -> commands.runOnMachine(2, Command.of(LONG, "ping")));
        assertEquals(Kind.CONFLICT, problem.problem().kind());
    }

    private final ExecutorService background = Executors.newCachedThreadPool();

    @After
    public void stopBackground() {
        background.shutdownNow();
    }

    private <T> Future<T> inBackground(Callable<T> work) {
        return background.submit(work);
    }

    private CommandResult run(String... words) {
        return commands.run(host, Command.of(LONG, words));
    }

    private static Command script(String script, Consumer<String> progress) {
        return new Command(List.of("sh", "-c", script), null, LONG, 1024, progress);
    }

    private static boolean alive(Path pid) throws Exception {
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .map(ProcessHandle::isAlive)
                .orElse(false);
    }

    private static void awaitEnd(Path pid) throws Exception {
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        if (process.isPresent()) {
            process.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }
}
