package org.qrm.exec.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.SshHost;

/** Machines that speak SSH and mean harm, or are broken. */
public class MisbehavingHostTest {

    private static final int MEBI = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final SshServer machine = SshServer.setUpDefaultServer();
    private final List<String> lines = new ArrayList<>();
    private SshRemoteCommands commands;
    private String asked;

    /** What the machine does when it is asked for a command. */
    private interface Behaviour {
        void run(Misbehaviour command) throws IOException;
    }

    @Before
    public void start() throws Exception {
        machine.setHost("127.0.0.1");
        machine.setKeyPairProvider(KeyPairProvider.wrap(KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256)));
        machine.setPublickeyAuthenticator((user, key, session) -> user.equals("root"));
        commands = new SshRemoteCommands(new FixedSettings(folder.getRoot().toPath()), id -> Optional.of(host()));
    }

    @After
    public void stop() throws Exception {
        commands.stop();
        machine.stop(true);
    }

    @Test
    public void sendsTheVerbAndItsArgumentsEncoded() throws Exception {
        behave(command -> command.exit.onExit(0));
        run(Duration.ofMinutes(1));
        assertEquals("xen/create YTsgcm0gLXJmIC8 -", asked);
    }

    @Test
    public void aMachineThatNeverEndsRunsIntoTheTimeLimit() throws Exception {
        behave(command -> command.error.write("working\n".getBytes(UTF_8)));
        QrmException problem = assertThrows(QrmException.class, () -> run(Duration.ofSeconds(1)));
        assertEquals(Kind.TIMEOUT, problem.problem().kind());
    }

    @Test
    public void aFloodOfOutputIsReadAndDropped() throws Exception {
        behave(command -> {
            flood(command.output);
            command.exit.onExit(0);
        });
        CommandResult result = run(Duration.ofMinutes(2));
        assertEquals(1000, result.output().length());
        assertTrue(result.truncated());
    }

    @Test
    public void aLineThatNeverEndsIsCut() throws Exception {
        behave(command -> {
            flood(command.error);
            command.exit.onExit(3);
        });
        CommandResult result = run(Duration.ofMinutes(2));
        assertEquals(3, result.exitStatus());
        assertEquals(8192, result.error().length());
        assertEquals(
                List.of(ErrorLines.MAX_LINE), lines.stream().map(String::length).toList());
    }

    @Test
    public void aMachineThatFallsSilentInTheMiddleIsLost() throws Exception {
        behave(command -> command.channel.getSession().close(true));
        QrmException problem = assertThrows(QrmException.class, () -> run(Duration.ofMinutes(2)));
        assertEquals(Kind.UNREACHABLE, problem.problem().kind());
    }

    private void behave(Behaviour behaviour) throws IOException {
        machine.setCommandFactory((channel, line) -> {
            asked = line;
            return new Misbehaviour(behaviour, channel);
        });
        machine.start();
    }

    private CommandResult run(Duration limit) {
        List<String> words = List.of("xen/create", "a; rm -rf /", "");
        return commands.runOnMachine(1, new org.qrm.api.exec.Command(words, null, limit, 1000, lines::add));
    }

    private SshHost host() {
        return new SshHost("127.0.0.1", machine.getPort(), null);
    }

    private static void flood(OutputStream stream) throws IOException {
        byte[] bytes = "x".repeat(MEBI).getBytes(UTF_8);
        for (int i = 0; i < 20; i++) {
            stream.write(bytes);
        }
        stream.flush();
    }

    private static final class Misbehaviour implements Command {
        private final Behaviour behaviour;
        private final ChannelSession channel;
        private OutputStream output;
        private OutputStream error;
        private ExitCallback exit;

        Misbehaviour(Behaviour behaviour, ChannelSession channel) {
            this.behaviour = behaviour;
            this.channel = channel;
        }

        @Override
        public void start(ChannelSession session, Environment environment) {
            Thread thread = new Thread(this::run, "misbehaviour");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                behaviour.run(this);
                error.flush();
            } catch (IOException ended) {
                // whoever asked has gone
            }
        }

        @Override
        public void setInputStream(InputStream in) {
            // it does not listen
        }

        @Override
        public void setOutputStream(OutputStream out) {
            output = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {
            error = err;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void destroy(ChannelSession session) {
            // nothing is held
        }
    }
}
