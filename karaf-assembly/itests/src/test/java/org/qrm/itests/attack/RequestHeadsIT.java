package org.qrm.itests.attack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.itests.ServerProcess;
import org.qrm.itests.UnpackedDistribution;

/** What the server makes of whatever stands above the body of a request, on both ports, asked by hand. */
public class RequestHeadsIT {

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static boolean started;

    @Before
    public void start() throws Exception {
        if (!started) {
            SERVER.set("QRM_NAMES", "qrm.example.org").start();
            started = true;
        }
    }

    @Test
    public void takesItsOwnNamesAndAddresses() throws Exception {
        String hostName = Files.readString(java.nio.file.Path.of("/proc/sys/kernel/hostname"))
                .trim();
        for (String host : List.of(
                "127.0.0.1",
                "127.0.0.1:8443",
                "localhost:1",
                "LocalHost",
                hostName,
                "[::1]:8443",
                "qrm.example.org:443",
                "QRM.example.org.",
                // of the other side of a NAT: an address cannot be made to lead elsewhere
                "203.0.113.9")) {
            for (boolean secure : new boolean[] {false, true}) {
                assertEquals(host, "200", status(secure, "GET /healthz HTTP/1.1\r\nHost: " + host));
            }
        }
        assertEquals("200", status(false, "GET /healthz HTTP/1.0"));
    }

    @Test
    public void refusesNamesThatAreNotItsOwn() throws Exception {
        for (String host : List.of(
                "evil.example", "evil.example:8443", "qrm.example.org.evil.example", "127.0.0.1.evil.example")) {
            for (boolean secure : new boolean[] {false, true}) {
                String answer = ask(secure, "GET /healthz HTTP/1.1\r\nHost: " + host);
                assertTrue(answer, answer.startsWith("HTTP/1.1 421 "));
                assertTrue(answer, answer.contains("QRM_NAMES"));
                assertEquals(
                        host, "421", status(secure, "GET http://" + host + "/healthz HTTP/1.1\r\nHost: 127.0.0.1"));
            }
        }
        String boot = ask(false, "GET /boot/pxelinux.cfg/01-52-54-00-aa-00-01 HTTP/1.1\r\nHost: evil.example");
        assertTrue(boot, boot.startsWith("HTTP/1.1 421 "));
        String login = ask(true, "POST /api/v1/session HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0");
        assertTrue(login, login.startsWith("HTTP/1.1 421 "));
    }

    @Test
    public void refusesTwoHosts() throws Exception {
        for (boolean secure : new boolean[] {false, true}) {
            assertEquals("400", status(secure, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1"));
        }
    }

    @Test
    public void leadsToItsConsoleByAPathAlone() throws Exception {
        String answer = ask(true, "GET / HTTP/1.1\r\nHost: 127.0.0.1");
        assertTrue(answer, answer.contains("\r\nLocation: /console/\r\n"));
    }

    @Test
    public void wantsToBeAskedByHttpsAloneWhereItIs() throws Exception {
        for (String path : List.of("/healthz", "/", "/api/v1/resources", "/nothing", "/node/v1/nothing")) {
            String answer = ask(true, "GET " + path + " HTTP/1.1\r\nHost: localhost");
            assertTrue(answer, answer.contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
            answer = ask(false, "GET " + path + " HTTP/1.1\r\nHost: localhost");
            assertFalse(answer, answer.contains("Strict-Transport-Security"));
        }
    }

    @Test
    public void isNoProxy() throws Exception {
        for (boolean secure : new boolean[] {false, true}) {
            for (String target : List.of("127.0.0.1:22", "evil.example:443")) {
                String status = status(secure, "CONNECT " + target + " HTTP/1.1\r\nHost: 127.0.0.1");
                assertTrue(status, List.of("400", "405", "421", "501").contains(status));
            }
        }
    }

    @Test
    public void offersNoSuiteWithoutAuthenticatedEncryption() throws Exception {
        SSLContext context = SERVER.trustingTheAuthority();
        String[] all = context.getSupportedSSLParameters().getCipherSuites();
        assertEquals(
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                handshake(context, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
        assertEquals("TLS_AES_128_GCM_SHA256", handshake(context, "TLSv1.3", "TLS_AES_128_GCM_SHA256"));
        String[] weak = Arrays.stream(all)
                .filter(suite -> suite.contains("_CBC_") || suite.startsWith("TLS_RSA_"))
                .toArray(String[]::new);
        assertTrue(weak.length > 0);
        assertThrows(SSLHandshakeException.class, () -> handshake(context, "TLSv1.2", weak));
    }

    @Test
    public void bringsNoUsersOfOthers() throws Exception {
        try (Stream<java.nio.file.Path> etc =
                Files.list(UnpackedDistribution.home().resolve("etc"))) {
            assertEquals(
                    List.of(),
                    etc.filter(file -> file.toString().matches(".*/(users|keys)\\.properties"))
                            .toList());
        }
    }

    private static String handshake(SSLContext context, String protocol, String... suites) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.connect(
                    new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), SERVER.port("QRM_HTTPS_PORT")));
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setEnabledCipherSuites(suites);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    private static String status(boolean secure, String head) throws Exception {
        String answer = ask(secure, head);
        assertTrue(answer, answer.matches("(?s)HTTP/1\\.[01] [0-9]{3} .*"));
        return answer.substring(9, 12);
    }

    /** The answer, head and body, to a request without a body. */
    private static String ask(boolean secure, String head) throws Exception {
        int port = SERVER.port(secure ? "QRM_HTTPS_PORT" : "QRM_HTTP_PORT");
        try (Socket socket = secure
                ? SERVER.trustingTheAuthority().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)
                : new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
