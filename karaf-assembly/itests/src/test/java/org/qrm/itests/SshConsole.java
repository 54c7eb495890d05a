package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;

/** Logs in to the console as an administrator would, with a password over SSH. */
public final class SshConsole {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private SshConsole() {}

    static String run(int port, String user, String password, String command) throws IOException {
        return outcome(port, user, password, command).output();
    }

    /** A feature, as an administrator installs it: again when that has failed, or was cut off before its end was told. */
    public static void install(int port, String password, String feature) throws IOException {
        ServerProcess.Outcome outcome = null;
        for (int attempt = 0; attempt < 3 && (outcome == null || outcome.status() != 0); attempt++) {
            outcome = outcome(port, "admin", password, "feature:install " + feature);
        }
        assertEquals(outcome.output(), 0, outcome.status());
    }

    /** What a command printed, and its exit status. */
    static ServerProcess.Outcome outcome(int port, String user, String password, String command) throws IOException {
        return outcomeFrom("127.0.0.1", port, user, password, command);
    }

    /** The same, from that address of this host. */
    public static ServerProcess.Outcome outcomeFrom(
            String address, int port, String user, String password, String command) throws IOException {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
            client.start();
            try (ClientSession session = client.connect(
                            user, new InetSocketAddress("127.0.0.1", port), new InetSocketAddress(address, 0))
                    .verify(PATIENCE)
                    .getSession()) {
                session.addPasswordIdentity(password);
                session.auth().verify(PATIENCE);
                return run(session, command);
            }
        }
    }

    private static ServerProcess.Outcome run(ClientSession session, String command) throws IOException {
        Integer status;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ClientChannel channel = session.createExecChannel(command)) {
            channel.setOut(output);
            channel.setErr(output);
            channel.open().verify(PATIENCE);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            status = channel.getExitStatus();
        }
        return new ServerProcess.Outcome(status == null ? -1 : status, output.toString(StandardCharsets.UTF_8));
    }
}
