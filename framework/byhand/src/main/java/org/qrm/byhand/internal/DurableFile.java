package org.qrm.byhand.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are there whole or not at all, also after a power failure. */
final class DurableFile {

    private static final String UNFINISHED = ".part";

    private DurableFile() {}

    static void write(Path file, byte[] content) throws IOException {
        write(file, new ByteArrayInputStream(content));
    }

    /** Durable when it returns. */
    static void write(Path file, InputStream content) throws IOException {
        Path folder = folder(file);
        Path part = folder.resolve(file.getFileName() + UNFINISHED);
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        move(part, file);
    }

    /** In one step; both are on one file system. */
    static void move(Path from, Path to) throws IOException {
        Path folder = folder(to);
        sync(from, StandardOpenOption.READ);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(folder, StandardOpenOption.READ);
        if (!folder.equals(from.getParent())) {
            sync(from.getParent(), StandardOpenOption.READ);
        }
    }

    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            sync(file.getParent(), StandardOpenOption.READ);
        }
    }

    private static Path folder(Path file) throws IOException {
        Path folder = file.getParent();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
