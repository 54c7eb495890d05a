package org.qrm.core.backup;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How {@code qrm-server backup} asks a running server for a copy of its embedded database: a socket below {@code QRM_DATA}, which
 * nobody but the server's own user can reach. It knows one word, takes no path, and so can be made to write nowhere else.
 */
public final class SnapshotSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSocket.class);
    private static final String SOCKET = "backup.socket";
    private static final String ASK = "snapshot";
    private static final String DONE = "done";

    private final Database database;
    private final Path snapshot;
    private final ServerSocketChannel listening;

    private SnapshotSocket(Database database, Path data, ServerSocketChannel listening) {
        this.database = database;
        this.snapshot = snapshotIn(data);
        this.listening = listening;
    }

    /** Listens until it is closed; only warns when it can not. */
    public static AutoCloseable open(Database database, Path data) {
        Path path = data.resolve(SOCKET);
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            SnapshotSocket socket = new SnapshotSocket(database, data, listening);
            Thread thread = new Thread(socket::serve, "qrm-backup");
            thread.setDaemon(true);
            thread.start();
            return socket;
        } catch (IOException failed) {
            LOG.warn("qrm-server backup will need a stopped server: cannot listen on {}", path, failed);
            return () -> {};
        }
    }

    /** Where the copy is made. */
    static Path snapshotIn(Path data) {
        return data.resolve("snapshot");
    }

    private void serve() {
        while (listening.isOpen()) {
            try (SocketChannel caller = listening.accept()) {
                answer(caller);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException lost) {
                LOG.warn("Somebody who asked for a backup has gone: {}", lost.getMessage());
            }
        }
    }

    private void answer(SocketChannel caller) throws IOException {
        String asked = new BufferedReader(Channels.newReader(caller, StandardCharsets.UTF_8)).readLine();
        if (!ASK.equals(asked)) {
            return;
        }
        String answer;
        try {
            needRoom(snapshot.getParent(), sizeOfDatabase());
            database.copyTo(snapshot);
            answer = DONE;
        } catch (IOException | RuntimeException failed) {
            LOG.warn("The database could not be copied for a backup", failed);
            answer = String.valueOf(failed.getMessage()).replaceAll("\\s+", " ");
        }
        caller.write(ByteBuffer.wrap((answer + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** @throws IOException that says how much is needed where, before anything is begun that would run out of it */
    static void needRoom(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new IOException("the copy takes " + mebibytes(bytes) + " in " + folder + ", which has "
                    + mebibytes(free) + " left; make room there");
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    /** What comes and goes meanwhile may be counted or not. */
    private long sizeOfDatabase() {
        long bytes = 0;
        for (String part : List.of("seg0", "log")) {
            File[] files = snapshot.resolveSibling("database/" + part).toFile().listFiles();
            bytes += files == null
                    ? 0
                    : Arrays.stream(files).mapToLong(File::length).sum();
        }
        return bytes;
    }

    /** Has the server of that data make its copy; empty when no server listens there. */
    static Optional<Path> ask(Path data) throws IOException {
        Path path = data.resolve(SOCKET);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (SocketChannel server = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.connect(UnixDomainSocketAddress.of(path));
            server.write(ByteBuffer.wrap((ASK + "\n").getBytes(StandardCharsets.UTF_8)));
            String answer = new BufferedReader(Channels.newReader(server, StandardCharsets.UTF_8)).readLine();
            if (!DONE.equals(answer)) {
                throw new IOException("the server could not copy its database: " + answer);
            }
            return Optional.of(snapshotIn(data));
        } catch (java.net.ConnectException nobody) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
