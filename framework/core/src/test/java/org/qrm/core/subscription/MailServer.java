package org.qrm.core.subscription;

import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A mail server that is not ours (aiosmtpd), on the loopback address; its host is {@code mail.test}. */
final class MailServer implements AutoCloseable {

    private static final String PYTHON = "/usr/bin/python3";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A mail that it took. */
    record Mail(JsonNode said) {

        String text() {
            return said.path("text").asText();
        }

        List<String> to() {
            List<String> all = new ArrayList<>();
            said.path("to").forEach(each -> all.add(each.asText()));
            return all;
        }

        boolean encrypted() {
            return said.path("tls").asBoolean();
        }

        /** By name; a name that comes twice has both. */
        Map<String, String> head() {
            Map<String, String> head = new LinkedHashMap<>();
            String lines = text().substring(0, text().indexOf("\r\n\r\n")).replaceAll("\r\n[ \t]", " ");
            for (String line : lines.split("\r\n")) {
                head.merge(line.replaceFirst(":.*", ""), line.replaceFirst("[^:]*: ?", ""), (one, two) -> one + two);
            }
            return head;
        }

        String subject() {
            StringBuilder subject = new StringBuilder();
            for (String word : head().get("Subject").split(" ")) {
                String coded = word.replaceFirst("^=\\?utf-8\\?B\\?", "").replaceFirst("\\?=$", "");
                subject.append(decoded(coded));
            }
            return subject.toString();
        }

        String body() {
            return decoded(text().substring(text().indexOf("\r\n\r\n") + 4));
        }

        private static String decoded(String base64) {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        }
    }

    final List<Mail> taken = new CopyOnWriteArrayList<>();
    private final Process process;
    private final int port;

    /** @param how {@code none}, {@code starttls} with a login, or {@code tls} */
    MailServer(String how, Path folder) throws Exception {
        boolean installed = new ProcessBuilder(PYTHON, "-c", "import aiosmtpd")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
        if ("true".equals(System.getenv("CI")) && !installed) {
            throw new AssertionError("aiosmtpd is not installed (Debian package python3-aiosmtpd), and CI=true");
        }
        assumeTrue("aiosmtpd is not installed (Debian package python3-aiosmtpd)", installed);
        Path program = folder.resolve("mail_server.py");
        try (InputStream in = MailServer.class.getResourceAsStream("mail_server.py")) {
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        }
        process = new ProcessBuilder(
                        PYTHON,
                        program.toString(),
                        how,
                        folder.resolve("mail.pem").toString(),
                        folder.resolve("mail.key").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(out.readLine());
        Thread reader = new Thread(() -> read(out), "mail-server");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(BufferedReader out) {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                taken.add(new Mail(MAPPER.readTree(line)));
            }
        } catch (IOException closed) {
            if (process.isAlive()) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    /** Makes its certificate, which is its own authority. */
    static Path certificate(Path folder) throws Exception {
        Process made = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=mail.test",
                        "-addext",
                        "subjectAltName=DNS:mail.test",
                        "-keyout",
                        folder.resolve("mail.key").toString(),
                        "-out",
                        folder.resolve("mail.pem").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new AssertionError(said);
        }
        return folder.resolve("mail.pem");
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
