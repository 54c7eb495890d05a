package org.qrm.plugin.xen.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;

/** The machine whose root file system becomes the host image, over SSH. It is only read. */
final class SourceSystem {

    static final int PORT = 22;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}\\b");
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
     * Opens a file of it; reading fails unless what arrived is what is there.
     *
     * @param limit for the whole transfer
     */
    InputStream open(String path, Duration limit) {
        return open(path, limit, List.of("cat", path));
    }

    /** Unpacks a file with its own zstd, which Java has not. */
    InputStream openZstd(String path, Duration limit) {
        return open(path, limit, List.of("zstd", "-q", "-d", "-c", path));
    }

    private InputStream open(String path, Duration limit, List<String> printing) {
        String expected = digest(limit, printing);
        return new Transfer(path, expected, commands.open(host, printing, limit, line -> {}));
    }

    /** SHA-256 of a file, by its own reckoning. */
    String digest(String path, Duration limit) {
        return digest(limit, List.of("cat", path));
    }

    private String digest(Duration limit, List<String> printing) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "\"$@\" | sha256sum", "qrm"));
        words.addAll(printing);
        CommandResult result = commands.run(host, Command.of(limit, words.toArray(String[]::new)));
        if (result.exitStatus() != 0 || !DIGEST.matcher(result.output()).lookingAt()) {
            throw failed("measure a file of the source system", result.exitStatus() + " and no digest");
        }
        return result.output().substring(0, 64);
    }

    private QrmException failed(String attempted, String status) {
        return QrmException.failed(
                attempted,
                host.address(),
                "the command there ended with status " + status,
                "Log in as root there and look at the files in /boot and /lib/modules.",
                null);
    }

    private QrmException changedOnTheWay(String path, String arrived, String expected) {
        return QrmException.failed(
                "read " + path + " of the source system",
                host.address(),
                "what arrived has the SHA-256 " + arrived + ", the file there " + expected,
                "See that nothing writes to the file, and that nothing root's login shell runs there prints after a"
                        + " command has ended (trap … EXIT in .bashrc).",
                null);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static String script() {
        try (InputStream in = SourceSystem.class.getResourceAsStream("source.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What a command prints; its end counts only when the command ended well, and all arrived as it was sent. */
    private final class Transfer extends DigestInputStream {
        private final String path;
        private final String expected;
        private final RemoteCommands.Session session;
        private boolean ended;

        Transfer(String path, String expected, RemoteCommands.Session session) {
            super(session.output(), sha256());
            this.path = path;
            this.expected = expected;
            this.session = session;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value < 0) {
                checkEnd();
            }
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read < 0) {
                checkEnd();
            }
            return read;
        }

        @Override
        public void close() {
            session.close();
        }

        private void checkEnd() throws IOException {
            if (ended) {
                return;
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
            String arrived = HexFormat.of().formatHex(getMessageDigest().digest());
            if (!arrived.equals(expected)) {
                throw changedOnTheWay(path, arrived, expected);
            }
            ended = true;
        }
    }
}
