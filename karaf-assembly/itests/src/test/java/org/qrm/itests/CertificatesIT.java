package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Certificates that change under a server that runs, as clients of three libraries see it: GnuTLS (wget), OpenSSL and Java. */
public class CertificatesIT {

    private static final String PASSWORD = "words of the test";
    private static final long LIMIT_SECONDS = 60;

    @Rule
    public final ServerProcess server = new ServerProcess();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void start() throws Exception {
        for (String program : List.of("/usr/bin/wget", "/usr/bin/openssl")) {
            assumeTrue("there is no " + program, Files.isExecutable(Path.of(program)));
        }
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).set("QRM_PASSWORD", PASSWORD).start();
    }

    @Test
    public void whoTrustsOneOfTwoAuthoritiesGoesOnUntilTheFormerIsForgotten() throws Exception {
        Path former = Files.copy(authority(), file("former.pem"));
        try (SSLSocket held = (SSLSocket) server.trustingTheAuthority()
                .getSocketFactory()
                .createSocket("127.0.0.1", server.port("QRM_HTTPS_PORT"))) {
            assertEquals(200, asked(held));
            assertEquals(0, server.qrm("", "certificate", "rotate-authority").status());
            String both = Files.readString(authority());
            String end = "-----END CERTIFICATE-----\n";
            Path present = Files.writeString(file("present.pem"), both.substring(0, both.indexOf(end) + end.length()));
            await("it has changed", () -> openssl(present));
            for (Path trusted : List.of(former, present, authority())) {
                // each time, as nobody keeps one that is idle for half a minute
                assertEquals("what is open goes on", 200, asked(held));
                assertTrue("wget with " + trusted, wget(trusted));
                assertTrue("openssl with " + trusted, openssl(trusted));
                server.set("QRM_CACERT", trusted.toString());
                ServerProcess.Outcome told = server.qrm("", "certificate", "list");
                assertEquals(told.output(), 0, told.status());
            }
            assertEquals(0, server.qrm("", "certificate", "forget-former").status());
            await("it has changed", () -> !openssl(former));
            assertFalse(wget(former));
            assertTrue(wget(present));
        }
    }

    @Test
    public void takesTheAdministratorsCertificateWhenAllOfItIsThere() throws Exception {
        run("openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=site -days 400");
        issue("short", 10);
        issue("long", 90);
        Path own = Files.createDirectory(server.data().resolve("tls/own"));
        put(own, "short.pem", "certificate.pem");
        await("the health check says what is missing", () -> health().contains("key.pem is missing"));
        put(own, "short.key", "key.pem");
        put(own, "ca.pem", "ca.pem");
        await("it is taken", () -> openssl(file("ca.pem")));
        await("its end is told", () -> health().contains("ends on"));
        await("so does an event", () -> events().contains("certificate.ends"));
        put(own, "long.pem", "certificate.pem");
        await("a key of another", () -> health().contains("is not the key of"));
        assertTrue("goes on as before", wget(file("ca.pem")));
        put(own, "long.key", "key.pem");
        await("all is well", () -> health().contains("certificates OK"));
        assertTrue(wget(file("ca.pem")));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            assertTrue(what, System.nanoTime() < end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private String health() throws Exception {
        return server.get("http", "/readyz").body();
    }

    private String events() throws Exception {
        server.set("QRM_CACERT", file("ca.pem").toString());
        return server.qrm("", "event", "list", "--type", "certificate.ends", "-o", "json")
                .output();
    }

    private static int asked(SSLSocket held) throws IOException {
        held.getOutputStream()
                .write("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in = new BufferedReader(new InputStreamReader(held.getInputStream(), StandardCharsets.UTF_8));
        int status = Integer.parseInt(in.readLine().split(" ")[1]);
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.regionMatches(true, 0, "Content-Length: ", 0, 16)) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return status;
    }

    private boolean wget(Path trusted) throws Exception {
        return status("wget -q -O /dev/null --ca-certificate=" + trusted + " https://127.0.0.1:"
                        + server.port("QRM_HTTPS_PORT") + "/healthz")
                == 0;
    }

    private boolean openssl(Path trusted) throws Exception {
        return status("openssl s_client -connect 127.0.0.1:" + server.port("QRM_HTTPS_PORT") + " -CAfile " + trusted
                        + " -verify_return_error -verify_ip 127.0.0.1")
                == 0;
    }

    private void issue(String name, int days) throws Exception {
        Files.writeString(file("extensions"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
        run("openssl req -newkey rsa:2048 -nodes -keyout " + name + ".key -out request -subj /CN=qrm");
        run("openssl x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -days " + days
                + " -out " + name + ".pem");
    }

    private void run(String command) throws Exception {
        assertEquals(command, 0, status(command));
    }

    private int status(String command) throws Exception {
        Process process = new ProcessBuilder(command.split(" "))
                .directory(folder.getRoot())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private void put(Path own, String from, String to) throws IOException {
        Files.writeString(own.resolve(to), Files.readString(file(from)));
    }

    private Path authority() {
        return server.data().resolve("tls/ca.pem");
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
