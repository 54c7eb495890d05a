package org.qrm.itests.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.qrm.itests.ServerProcess;

/** Somebody on the network: asks from an address of its own, and says whatever it likes. */
final class Stranger {

    private static final Pattern TOKEN = Pattern.compile("qrm\\.token=([A-Za-z0-9_-]+)");
    private static final int PATIENCE_MILLIS = 60_000;

    private final ServerProcess server;
    private final SSLContext trusting;
    private final String address;
    private String execd = "ssh-host-key=ecdsa-sha2-nistp256 AAAA\nexecd-port=22\n";

    /** @param address of loopback */
    Stranger(ServerProcess server, String address) throws Exception {
        this.server = server;
        this.trusting = server.trustingTheAuthority();
        this.address = address;
    }

    /** From now on it registers with that host key, and says that it takes commands at that port. */
    void takesCommands(String hostKey, int port) {
        execd = "ssh-host-key=" + hostKey + "\nexecd-port=" + port + "\n";
    }

    /**
     * What it was answered.
     *
     * @param head status line and headers
     */
    record Answer(int status, String head, String body) {
        String value(String key) {
            return body.lines()
                    .filter(line -> line.startsWith(key + "="))
                    .findFirst()
                    .orElse(key + "=")
                    .substring(key.length() + 1);
        }
    }

    /** Asks for what boots a machine. */
    Answer configuration(String mac) throws IOException {
        return ask(false, "GET /boot/configuration/" + mac, null, "");
    }

    /** The boot token in an answer, or an invented one. */
    static String token(Answer configuration) {
        Matcher token = TOKEN.matcher(configuration.body());
        return token.find() ? token.group(1) : "AAAA";
    }

    /** Boots as that machine, with that in its DMI tables. */
    Answer boot(String mac, String claimed, Map<String, String> details) throws IOException {
        return register(token(configuration(mac)), mac, claimed, details);
    }

    Answer register(String token, String mac, String claimed, Map<String, String> details) throws IOException {
        return register(token, UUID.randomUUID().toString(), mac, claimed, details);
    }

    /** @param bootId of the kernel that says so */
    Answer register(String token, String bootId, String mac, String claimed, Map<String, String> details)
            throws IOException {
        StringBuilder form = new StringBuilder("version=1\nimage=default\ncpus=1\ncpu-mhz=1000\nmemory-mb=1024\n");
        form.append(execd);
        form.append("token=").append(token).append('\n');
        form.append("boot-id=").append(bootId).append('\n');
        form.append("mac=").append(mac).append('\n');
        form.append("nic=").append(mac).append(",eth0,e1000,1000\n");
        form.append("address=").append(claimed).append('\n');
        details.forEach(
                (key, value) -> form.append(key).append('=').append(value).append('\n'));
        return ask(true, "POST /node/v1/register", null, form.toString());
    }

    Answer report(Answer registered, String state) throws IOException {
        String body = "resource=" + registered.value("resource") + "\nstate=" + state
                + "\nload=0\nmemory-free-mb=1\nuptime=1\n";
        return ask(true, "POST /node/v1/report?hold=0", registered.value("node-token"), body);
    }

    /** Begins a login by JSON, and hangs up before it is whole. */
    void breakOffALogin() throws IOException {
        try (Socket socket = connected(true)) {
            socket.getOutputStream()
                    .write(("POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 900000\r\n\r\n{\"user\":\"ad")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
    }

    private Socket connected(boolean secure) throws IOException {
        int port = server.port(secure ? "QRM_HTTPS_PORT" : "QRM_HTTP_PORT");
        InetAddress from = InetAddress.getByName(address);
        InetAddress to = InetAddress.getByName("127.0.0.1");
        return secure ? trusting.getSocketFactory().createSocket(to, port, from, 0) : new Socket(to, port, from, 0);
    }

    Answer ask(boolean secure, String request, String nodeToken, String body) throws IOException {
        int port = server.port(secure ? "QRM_HTTPS_PORT" : "QRM_HTTP_PORT");
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String type = request.contains(" /api/") ? "application/json" : "text/plain; charset=utf-8";
        String head =
                request + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + content.length
                        + (nodeToken == null ? "" : "\r\nAuthorization: Bearer " + nodeToken) + "\r\n\r\n";
        try (Socket socket = connected(secure)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new IOException("no answer: " + answer);
            }
            return new Answer(
                    Integer.parseInt(answer.split(" ", 3)[1]), answer.substring(0, end), answer.substring(end + 4));
        }
    }
}
