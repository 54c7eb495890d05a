package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** {@code QRM_DATA}: everything that must survive, closed to other users of the host. */
record DataDirectory(Path root) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    Path secrets() {
        return root.resolve("secrets");
    }

    Path tls() {
        return root.resolve("tls");
    }

    Path log() {
        return root.resolve("log");
    }

    Path deploy() {
        return root.resolve("deploy");
    }

    void create() throws IOException {
        createPrivate(root);
        createPrivate(secrets());
        createPrivate(tls());
        createPrivate(log());
        createPrivate(root.resolve("ssh"));
        createPrivate(deploy());
    }

    /** Replaces a file in one step, so that a crash leaves the old one or the new one; only the owner may read it. */
    static void write(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PRIVATE_FILE);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
}
