package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.itests.brought.Witness;

/** A third party's plug-in that comes, works and goes again and again leaves nothing in the process, and restarts nothing of others. */
public class HotCyclesIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final String ID = "spare";
    private static final String FILE = "/plugin-files/spare.jar";
    private static final String BUNDLE = "com.example.spare";

    /** Until all that is loaded once is loaded. */
    private static final int FIRST = 5;

    private static final int CYCLES = Integer.getInteger("hotCycles", 20);

    /** What pages of the embedded database and tables of the core may grow by meanwhile; a plug-in's classes are some 200 KB. */
    private static final long MEMORY = 2L * 1024 * 1024 + CYCLES * 100L * 1024;

    /** Threads of pools that are busy at one look and not at another. */
    private static final int POOLED = 10;

    private static final Pattern ROW = Pattern.compile("\\s*[0-9]+:\\s+([0-9]+)\\s+[0-9]+\\s+(\\S+).*");
    private static final Pattern TOTAL = Pattern.compile("Total\\s+[0-9]+\\s+([0-9]+)");

    @Rule
    public final ServerProcess server = new ServerProcess();

    private RestClient rest;

    /**
     * What the process holds after a garbage collection.
     *
     * @param loaders class loaders of bundles
     */
    private record Held(long loaders, long threads, long bytes) {}

    @Test
    public void nothingStaysOfWhatComesAndGoes() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        accepted(rest.upload(
                "/plugin-files/witness.jar", PluginJar.of(Witness.class).bytes()));
        byte[] jar = Files.readAllBytes(Path.of(System.getProperty("thirdPartyPlugin")));
        for (int cycle = 0; cycle < FIRST; cycle++) {
            comeAndGo(jar);
        }
        come(jar);
        Held present = held();
        go();
        Held before = settled(present.loaders - 1, Long.MAX_VALUE);
        assertTrue("it has a class loader of its own, or this test sees none", before.loaders < present.loaders);
        Files.deleteIfExists(witnessed());
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            comeAndGo(jar);
        }
        Held after = settled(before.loaders, before.threads);
        String told = CYCLES + " cycles: " + before + ", " + after;
        assertTrue(told, after.loaders <= before.loaders);
        assertTrue(told, after.threads <= before.threads + POOLED);
        assertTrue(told, after.bytes <= before.bytes + MEMORY);
        assertEquals(
                "starts, and stops, of it alone",
                2L * CYCLES,
                lines().filter(line -> line.endsWith(" " + BUNDLE)).count());
        assertEquals(
                List.of(), lines().filter(line -> !line.endsWith(" " + BUNDLE)).toList());
        try (Stream<String> log = Files.lines(server.data().resolve("log/qrm.log"))) {
            assertEquals(
                    List.of(), log.filter(line -> line.contains("| ERROR |")).toList());
        }
        assertEquals(200, server.get("http", "/readyz").statusCode());
        System.out.println(told);
    }

    private void comeAndGo(byte[] jar) throws Exception {
        come(jar);
        go();
    }

    private void come(byte[] jar) throws Exception {
        accepted(rest.upload(FILE, jar));
        act("register");
        JsonNode questions = rest.get("/plugins/" + ID + "/wizard").get("questions");
        StringBuilder answers = new StringBuilder();
        questions.forEach(question -> answers.append(answers.isEmpty() ? "" : ",")
                .append('"')
                .append(question.get("name").asText())
                .append("\":\"")
                .append(question.get("defaultAnswer").asText())
                .append('"'));
        accepted(rest.put("/plugins/" + ID + "/wizard", "{\"answers\":{" + answers + "}}"));
        act("install");
        act("run-once");
    }

    private void go() throws Exception {
        act("uninstall");
        accepted(rest.delete(FILE));
    }

    private void act(String action) throws Exception {
        JsonNode operation = rest.make("/plugins/" + ID + "/actions?wait=30", "{\"action\":\"" + action + "\"}");
        assertEquals(operation.toString(), "done", operation.path("state").asText());
    }

    private static void accepted(HttpResponse<String> answer) {
        assertEquals(answer.body(), 2, answer.statusCode() / 100);
    }

    private Path witnessed() {
        return server.data().resolve("witness");
    }

    private Stream<String> lines() throws IOException {
        return Files.readAllLines(witnessed()).stream();
    }

    /** When what ended last has left, so that there are no more than these, or a minute later. */
    private Held settled(long loaders, long threads) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        Held held = held();
        while (!(held.loaders <= loaders && held.threads <= threads) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000_000L);
            held = held();
        }
        return held;
    }

    private Held held() throws Exception {
        long loaders = 0;
        long bytes = 0;
        for (String line : asked("GC.class_histogram").lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()
                    && row.group(2).startsWith("org.apache.felix.framework.BundleWiringImpl$BundleClassLoader")) {
                loaders += Long.parseLong(row.group(1));
            }
            Matcher total = TOTAL.matcher(line.strip());
            if (total.lookingAt()) {
                bytes = Long.parseLong(total.group(1));
            }
        }
        long threads = asked("Thread.print")
                .lines()
                .filter(line -> line.startsWith("\""))
                .count();
        return new Held(loaders, threads, bytes);
    }

    /** The process about itself. */
    private String asked(String what) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(server.pid()),
                        what)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, jcmd.waitFor());
        return said;
    }
}
