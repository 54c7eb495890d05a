package org.qrm.plugin.xen.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;

/** The machine whose root file system becomes the host image, over SSH. It is only read. */
final class SourceSystem {

    static final int PORT = 22;
    private static final String INSPECT = "inspect the source system";

    private final RemoteCommands commands;
    private final SshHost host;

    SourceSystem(RemoteCommands commands, SshHost host) {
        this.commands = commands;
        this.host = host;
    }

    /**
     * Takes the host key that it offers now, and no other from then on: all that is fetched comes from one machine.
     *
     * @throws QrmException UNAVAILABLE
     */
    static SourceSystem pinned(RemoteCommands commands, String address) {
        return new SourceSystem(commands, new SshHost(address, PORT, commands.offeredHostKey(address, PORT)));
    }

    String address() {
        return host.address();
    }

    /** The key that it is known by, or null. */
    String hostKey() {
        return host.hostKey();
    }

    /**
     * What it has.
     *
     * @throws QrmException UNAVAILABLE, FORBIDDEN, TIMEOUT; FAILED when it cannot be inspected
     */
    SourceInventory inspect(Duration limit) {
        CommandResult result = commands.run(host, Command.of(limit, "sh", "-c", script()));
        if (result.exitStatus() != 0) {
            throw failed(INSPECT, result.exitStatus() + ": " + Name.printable(result.error()));
        }
        return SourceInventory.parse(result.output());
    }

    /**
     * Opens a file of it; reading fails unless all of it arrived.
     *
     * @param limit for the whole transfer
     */
    InputStream open(String path, Duration limit) {
        return new Transfer(path, commands.open(host, List.of("cat", path), limit, line -> {}));
    }

    /** Unpacks a file with its own zstd, which Java has not. */
    InputStream openZstd(String path, Duration limit) {
        return new Transfer(path, commands.open(host, List.of("zstd", "-q", "-d", "-c", path), limit, line -> {}));
    }

    private QrmException failed(String attempted, String status) {
        return QrmException.failed(
                attempted,
                host.address(),
                "the command there ended with status " + status,
                "Log in as root there and look at the files in /boot and /lib/modules.",
                null);
    }

    static String script() {
        try (InputStream in = SourceSystem.class.getResourceAsStream("source.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What a command prints; its end counts only when the command ended well. */
    private final class Transfer extends FilterInputStream {
        private final String path;
        private final RemoteCommands.Session session;

        Transfer(String path, RemoteCommands.Session session) {
            super(session.output());
            this.path = path;
            this.session = session;
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return checked(super.read(bytes, offset, length));
        }

        @Override
        public void close() {
            session.close();
        }

        private int checked(int read) throws IOException {
            if (read >= 0) {
                return read;
            }
            try {
                int status = session.await();
                if (status != 0) {
                    throw failed("read " + path + " of the source system", String.valueOf(status));
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while reading " + path);
            }
            return read;
        }
    }
}
