package org.qrm.core.subscription;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One conversation with a mail server (RFC 5321). It is hostile, too: what it says is short or the conversation ends. How long it may take
 * is up to whoever holds the socket.
 */
final class SmtpConversation {

    private static final int LONGEST_LINE = 2000;
    private static final int MOST_LINES = 100;
    private static final int POSITIVE = 2;
    private static final int GO_ON = 3;

    private final String host;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private List<String> offers = List.of();

    /** What it answered. */
    record Reply(int code, String text) {

        boolean is(int kind) {
            return code / 100 == kind;
        }

        /** It may be otherwise in a while. */
        boolean passes() {
            return is(4);
        }
    }

    /** It will not do what it was asked to. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Reply reply;

        Refused(String what, Reply reply) {
            super(what);
            this.reply = reply;
        }

        Reply reply() {
            return reply;
        }
    }

    /** @param host name that its certificate has */
    SmtpConversation(String host, Socket connected) throws IOException {
        this.host = host;
        take(connected);
    }

    private void take(Socket other) throws IOException {
        socket = other;
        // not buffered: what was sent before TLS begins is not taken for what comes after it
        in = other.getInputStream();
        out = other.getOutputStream();
    }

    /** All from here on is encrypted, and its certificate was checked. */
    void encrypt(SSLContext trusting) throws IOException {
        SSLSocket tls = (SSLSocket) trusting.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        take(tls);
    }

    void greeted() throws IOException {
        expect("it does not greet", read(), POSITIVE);
    }

    /** Says who this is, and hears what it offers. */
    void hello() throws IOException {
        InetAddress own = socket.getLocalAddress();
        String address = own.getHostAddress().replaceFirst("%.*", "");
        send("EHLO [" + (own instanceof Inet6Address ? "IPv6:" : "") + address + "]");
        Reply reply = expect("it does not want to talk", read(), POSITIVE);
        offers = List.of(reply.text().toUpperCase(Locale.ROOT).split("\n"));
    }

    /** Asks it to encrypt from here on; {@link #encrypt} does it. */
    void startTls() throws IOException {
        if (!offers.contains("STARTTLS")) {
            throw new Refused("it offers no STARTTLS", new Reply(0, ""));
        }
        send("STARTTLS");
        expect("it does not begin TLS", read(), POSITIVE);
    }

    void logIn(String user, String password) throws IOException {
        List<String> ways = offers.stream()
                .filter(each -> each.startsWith("AUTH ") || each.startsWith("AUTH="))
                .flatMap(each -> List.of(each.substring(5).split(" ")).stream())
                .toList();
        Reply reply;
        if (ways.contains("PLAIN")) {
            send("AUTH PLAIN " + base64("\0" + user + "\0" + password));
            reply = read();
        } else if (ways.contains("LOGIN")) {
            send("AUTH LOGIN");
            expect("it does not let the user log in", read(), GO_ON);
            send(base64(user));
            expect("it does not let the user log in", read(), GO_ON);
            send(base64(password));
            reply = read();
        } else {
            throw new Refused("it offers no login by PLAIN or LOGIN", new Reply(0, ""));
        }
        // nothing of what it says: it knows the password by now
        expect("it does not let the user log in", new Reply(reply.code(), ""), POSITIVE);
    }

    void from(String sender) throws IOException {
        send("MAIL FROM:<" + sender + ">");
        expect("it refuses the sender", read(), POSITIVE);
    }

    /** Empty if it takes mail for that one; else what it says against it. */
    Optional<Reply> to(String recipient) throws IOException {
        send("RCPT TO:<" + recipient + ">");
        Reply reply = read();
        return reply.is(POSITIVE) ? Optional.empty() : Optional.of(reply);
    }

    /** @param text lines that end with CR LF, none of which begins with a dot */
    Reply data(String text) throws IOException {
        send("DATA");
        expect("it refuses the mail", read(), GO_ON);
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        send(".");
        return expect("it refuses the mail", read(), POSITIVE);
    }

    /** Says goodbye; the answer is of no interest. */
    void quit() throws IOException {
        send("QUIT");
    }

    private static Reply expect(String what, Reply reply, int kind) throws Refused {
        if (!reply.is(kind)) {
            throw new Refused(what, reply);
        }
        return reply;
    }

    private void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private Reply read() throws IOException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < MOST_LINES) {
            String line = line();
            if (!line.matches("[2-5][0-9][0-9]([ -].*)?")) {
                throw new IOException("it does not speak SMTP");
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new Reply(Integer.parseInt(line.substring(0, 3)), String.join("\n", lines));
            }
        }
        throw new IOException("its answer has more than " + MOST_LINES + " lines");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("it hung up");
            }
            if (line.length() >= LONGEST_LINE) {
                throw new IOException("its answer has a line of more than " + LONGEST_LINE + " characters");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
