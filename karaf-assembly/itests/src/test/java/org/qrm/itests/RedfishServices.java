package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Very many Redfish services with few certificates, in a process of their own: the program of the benchmark. */
final class RedfishServices implements AutoCloseable {

    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private final List<String> fingerprints = new ArrayList<>();
    private final int firstPort;
    private final int mutePort;
    private final Process process;
    private final BufferedReader output;

    /** @param folder for the certificates, empty */
    RedfishServices(Path folder, int certificates) throws Exception {
        assumeTrue("python3 is not installed (Debian package python3)", Files.isExecutable(PYTHON));
        for (int number = 0; number < certificates; number++) {
            fingerprints.add(certificate(folder.resolve(number + ".pem")));
        }
        mutePort = FreePorts.next();
        // nobody else takes ports there
        firstPort = mutePort - 10_000;
        process = new ProcessBuilder(
                        PYTHON.toString(),
                        System.getProperty("redfishServices"),
                        folder.toString(),
                        String.valueOf(firstPort),
                        String.valueOf(mutePort))
                .redirectErrorStream(true)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("ready", output.readLine());
    }

    /** Makes one with its key; its fingerprint. */
    private static String certificate(Path file) throws Exception {
        said(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + file.getFileName(),
                "-keyout",
                file + ".key",
                "-out",
                file.toString()));
        String told = said(List.of("openssl", "x509", "-in", file.toString(), "-noout", "-fingerprint", "-sha256"));
        Path key = Path.of(file + ".key");
        Files.writeString(file, Files.readString(file) + Files.readString(key));
        Files.delete(key);
        return told.substring(told.indexOf('=') + 1).strip();
    }

    private static String said(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(String.join(" ", command), 0, process.waitFor());
        return said;
    }

    /** What the list of expected machines says of the service of one, after its MAC address. */
    String columns(int number, boolean mute) {
        int certificate = number % fingerprints.size();
        return "127.2." + number / 256 + "." + number % 256 + ":" + (mute ? mutePort : firstPort + certificate)
                + ",qrm,secret," + fingerprints.get(certificate);
    }

    /** What was asked since that was counted anew. */
    Map<String, Integer> counts() throws Exception {
        signal("USR1");
        String line = output.readLine();
        Map<String, Integer> counts = new HashMap<>();
        for (String each : line.split(" ")) {
            counts.put(each.substring(0, each.indexOf('=')), Integer.valueOf(each.substring(each.indexOf('=') + 1)));
        }
        return counts;
    }

    void countAnew() throws Exception {
        signal("USR2");
    }

    private void signal(String name) throws Exception {
        said(List.of("kill", "-" + name, String.valueOf(process.pid())));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        output.close();
    }
}
