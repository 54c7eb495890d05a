package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.commands.line.Failure;

/** qrm at a real terminal, which {@code script} of util-linux makes. */
public class TerminalTest {

    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final long PATIENCE_SECONDS = 60;

    private StandInServer server;
    private Process process;
    private String said = "";

    @Before
    public void start() throws IOException {
        assumeTrue("skipped: there is no " + SCRIPT + " (Debian: bsdutils)", Files.isExecutable(SCRIPT));
        server = new StandInServer();
    }

    @After
    public void stop() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (server != null) {
            server.close();
        }
    }

    /** Writes a prompt, and then nothing. */
    private void opens(String path) {
        server.on("POST " + path, 201, "{'id':5,'resource':7}")
                .on("GET /terminals/5/output?from=0", 200, output(0, "root@node-1# ", false))
                .on("GET /terminals/5/output?from=13", 200, output(13, "", false))
                .on("POST /terminals/5/input", 204, "")
                .on("POST /terminals/5/size", 204, "")
                .on("DELETE /terminals/5", 204, "");
    }

    private static String output(long from, String text, boolean ended) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "{'from':%d,'data':'%s','next':%d,'ended':%b}"
                .formatted(from, Base64.getEncoder().encodeToString(bytes), from + bytes.length, ended);
    }

    /** @param line for a shell; {@code qrm} in it is the program */
    private void atATerminal(String line) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String qrm = java + " -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path") + "' "
                + org.qrm.cli.Qrm.class.getName();
        ProcessBuilder builder = new ProcessBuilder(
                        SCRIPT.toString(), "-q", "-e", "-c", line.replace("qrm ", qrm + " "), "/dev/null")
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("QRM_"));
        builder.environment().putAll(Map.of("QRM_URL", server.url(), "QRM_PASSWORD", "secret"));
        process = builder.start();
    }

    private void type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private void await(String text) throws IOException {
        Reader output = process.inputReader(StandardCharsets.UTF_8);
        while (!said.contains(text)) {
            int next = output.read();
            assertTrue("it ends with: " + said, next >= 0);
            said += (char) next;
        }
    }

    private int end() throws Exception {
        Reader output = process.inputReader(StandardCharsets.UTF_8);
        for (int next = output.read(); next >= 0; next = output.read()) {
            said += (char) next;
        }
        assertTrue(said, process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        return process.exitValue();
    }

    private boolean isAsked(String request) {
        return server.requests().contains(request);
    }

    @Test
    public void showsAndTypesUntilItIsLeft() throws Exception {
        opens("/resources/node-1/terminals");
        atATerminal("stty cols 91 rows 33; qrm resource terminal node-1; echo status $?; stty -a");
        await("root@node-1# ");
        assertTrue(said, said.contains("Ctrl-] leaves it"));
        type("h\u00e4\u0003\r");
        type("\u001d");
        await("status 0");
        end();
        assertTrue(isAsked("POST /resources/node-1/terminals {\"columns\":91,\"rows\":33}"));
        String typed = String.join(
                "",
                server.requests().stream()
                        .filter(it -> it.startsWith("POST /terminals/5/input"))
                        .toList());
        assertEquals("h\u00e4\\u0003\\r", typed.replaceAll("POST /terminals/5/input .\"text\":\"([^\"]*)\".", "$1"));
        assertTrue(isAsked("DELETE /terminals/5"));
        assertTrue("the terminal is as before: " + said, said.contains(" icanon") && said.contains(" echo "));
    }

    @Test
    public void followsTheSizeOfTheWindow() throws Exception {
        opens("/partitions/p1/terminals");
        Path gate = Files.createTempDirectory("qrm-window").resolve("opened");
        atATerminal("tty=$(tty); (until [ -e " + gate + " ]; do sleep 0.1; done; stty -F $tty cols 120 rows 40)"
                + " & qrm partition terminal p1");
        await("root@node-1# ");
        Files.createFile(gate);
        String told = "POST /terminals/5/size {\"columns\":120,\"rows\":40}";
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS); !isAsked(told); ) {
            assertTrue(server.requests().toString(), System.nanoTime() < end);
            Thread.onSpinWait();
        }
        type("\u001d");
        assertEquals(0, end());
        Files.delete(gate);
        Files.delete(gate.getParent());
    }

    @Test
    public void endsWithWhatRunsThere() throws Exception {
        server.on("POST /resources/node-1/consoles", 201, "{'id':5,'resource':7}")
                .on("GET /terminals/5/output?from=0", 200, output(0, "bye", true))
                .on("DELETE /terminals/5", 204, "");
        atATerminal("qrm resource console node-1");
        assertEquals(0, end());
        assertTrue(said, said.contains("bye"));
    }

    @Test
    public void leavesTheTerminalAsItWasWhenItIsKilled() throws Exception {
        opens("/resources/node-1/terminals");
        atATerminal("qrm resource terminal node-1; echo status $?; stty -a");
        await("root@node-1# ");
        process.descendants()
                .filter(it -> it.info().command().orElse("").endsWith("/java"))
                .forEach(ProcessHandle::destroy);
        await("status 143");
        end();
        assertTrue("the terminal is as before: " + said, said.contains(" icanon") && said.contains(" echo "));
        assertTrue(isAsked("DELETE /terminals/5"));
    }

    @Test
    public void saysWhyItCannotBeOpened() throws Exception {
        server.on("POST /partitions/p1/terminals", 409, "{'detail':'Cannot open it: somebody else is there.'}");
        atATerminal("qrm partition terminal p1; echo status $?; stty -a");
        await("status 4");
        end();
        assertTrue(said, said.contains("somebody else is there"));
        assertTrue(said, said.contains(" icanon"));
    }

    @Test
    public void refusesToBeNoPersonsTerminal() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Session.Place place = new Session.Place(
                new PrintStream(err),
                new PrintStream(err),
                new BufferedReader(Reader.nullReader()),
                Map.of("QRM_URL", server.url(), "QRM_PASSWORD", "secret"),
                null);
        assertEquals(Failure.USAGE, CommandLineOfQrm.run(new String[] {"partition", "terminal", "p1"}, place));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("needs a terminal"));
        assertEquals(List.of(), server.requests());
    }
}
