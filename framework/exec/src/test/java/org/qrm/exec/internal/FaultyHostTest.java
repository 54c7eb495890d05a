package org.qrm.exec.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.SshHost;

/** Hosts that are not there, or that are no SSH servers. */
public class FaultyHostTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private SshRemoteCommands commands;

    @Before
    public void start() {
        commands = new SshRemoteCommands(new FixedSettings(folder.getRoot().toPath()), id -> Optional.empty());
    }

    @After
    public void stop() {
        commands.stop();
    }

    @Test
    public void aClosedPortIsUnreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertEquals("the connection was refused", problemAt(port).reason());
        assertEquals(Kind.UNREACHABLE, problemAt(port).kind());
    }

    @Test
    public void aHostThatSaysNothingIsUnreachable() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Problem problem = problemAt(silent.getLocalPort());
            assertEquals("it did not answer in time", problem.reason());
            assertEquals(Kind.UNREACHABLE, problem.kind());
        }
    }

    @Test
    public void aHostThatSpeaksSomethingElseIsUnreachable() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talker = new Thread(() -> {
                try (var socket = other.accept()) {
                    socket.getOutputStream().write("HTTP/1.0 400 no\r\n\r\n".getBytes());
                } catch (java.io.IOException closed) {
                    // the test is over
                }
            });
            talker.start();
            assertEquals(Kind.UNREACHABLE, problemAt(other.getLocalPort()).kind());
            talker.join();
        }
    }

    private Problem problemAt(int port) {
        SshHost host = new SshHost("127.0.0.1", port, null);
        QrmException problem =
                assertThrows(QrmException.class, () -> commands.run(host, Command.of(Duration.ofMinutes(1), "true")));
        return problem.problem();
    }
}
