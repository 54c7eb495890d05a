package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** How it is started, seen by scripts in its place. */
public class IpmitoolTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void getsTheBmcInItsArguments() throws IOException {
        assertEquals(
                List.of(("-I lanplus -H 127.0.0.1 -p 623 -U qrm -E -L OPERATOR -C 3 -N 1 -R 2 -v chassis power on")
                        .split(" ")),
                lines("printf '%s\\n' \"$@\""));
    }

    @Test
    public void getsThePasswordAndLittleElseInItsEnvironment() throws IOException {
        List<String> environment = new ArrayList<>(lines("env"));
        environment.removeIf(line -> line.matches("(PWD|OLDPWD|SHLVL|_)=.*"));
        environment.sort(null);
        assertEquals(
                List.of("IPMI_PASSWORD=" + IpmiSimulator.PASSWORD, "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
                environment);
    }

    @Test
    public void findsItsInputClosed() throws IOException {
        assertEquals(List.of("end"), lines("read -r line || echo end"));
    }

    @Test
    public void isHeardToABound() throws IOException {
        String text = run("yes | head -c 1000000", web1(1), LIMIT).text();
        assertTrue("" + text.length(), text.length() >= 131_072 && text.length() < 140_000);
    }

    @Test
    public void isEndedWithItsTimeAlsoWhenAnotherHoldsItsOutput() {
        long start = System.nanoTime();
        Problem problem = assertThrows(
                        QrmException.class, () -> run("sleep 15 & echo waiting; wait", web1(1), Duration.ofSeconds(2)))
                .problem();
        assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
        assertTrue(problem.reason(), problem.reason().endsWith("ipmitool says \"waiting\""));
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) < 10);
    }

    @Test
    public void oneThatSaysMoreAndMoreAndNeverBeginsIsEndedAndLeavesTheBmcToOthers() throws Exception {
        Path script = script("case \"$*\" in *chassis*) exit 0 ;; esac; echo $$ >\"$0.pid\"; exec yes");
        Ipmitool ipmitool = new Ipmitool(() -> Optional.of(script));
        Problem problem = assertThrows(
                        QrmException.class,
                        () -> ipmitool.begin("open", web1(623), Duration.ofSeconds(2), 2, "[SOL", List.of("sol")))
                .problem();
        assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
        long child = Long.parseLong(Files.readString(Path.of(script + ".pid")).strip());
        ProcessHandle.of(child)
                .ifPresent(left -> left.onExit().orTimeout(20, TimeUnit.SECONDS).join());
        assertEquals(
                0, ipmitool.run("ask", web1(623), LIMIT, 2, List.of("chassis")).status());
    }

    @Test
    public void isStartedOnceAtATimeForEachBmc() throws Exception {
        Path script = script("mkdir \"$0.lock\" || exit 3; sleep 0.2; rmdir \"$0.lock\"");
        Ipmitool ipmitool = new Ipmitool(() -> Optional.of(script));
        List<CompletableFuture<Said>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(CompletableFuture.supplyAsync(
                    () -> ipmitool.run("ask", web1(623), LIMIT, 2, List.of("chassis", "power", "status"))));
        }
        for (CompletableFuture<Said> one : all) {
            assertEquals(0, one.orTimeout(20, TimeUnit.SECONDS).join().status());
        }
    }

    @Test
    public void saysWhenItCannotBeStarted() throws IOException {
        Path none = folder.newFile().toPath();
        Ipmitool ipmitool = new Ipmitool(() -> Optional.of(none));
        Problem problem = assertThrows(
                        QrmException.class, () -> ipmitool.run("ask", web1(623), LIMIT, 2, List.of("chassis")))
                .problem();
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.reason(), problem.reason().endsWith(none + " cannot be started"));
    }

    private List<String> lines(String script) throws IOException {
        return run(script, web1(623), LIMIT).text().lines().toList();
    }

    private Said run(String script, Bmc bmc, Duration limit) throws IOException {
        Path path = script(script);
        return new Ipmitool(() -> Optional.of(path)).run("switch on", bmc, limit, 2, List.of("chassis", "power", "on"));
    }

    private Path script(String text) throws IOException {
        Path script = folder.newFile().toPath();
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private static Bmc web1(int port) {
        return Bmc.of("web1", IpmiSimulator.answers(port, Map.of()));
    }
}
