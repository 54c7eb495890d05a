package org.qrm.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of boot images: {@code <image>/<start of the digest>-<file>} below one directory. A file once there never
 * changes, so the row that names its digest decides in one step which content counts.
 */
final class BootFileStore {

    /** The most that one file may have. */
    static final long MOST_BYTES = 512L * 1024 * 1024;

    /** Content that is on its way; its row is not written yet. */
    record Content(Path file, long size, String sha256) {}

    private static final Logger LOG = LoggerFactory.getLogger(BootFileStore.class);
    private static final String ARRIVING = ".arriving-";
    private static final int DIGITS = 16;
    private static final int BUFFER = 1 << 16;

    private final Path root;
    private final long mostBytes;

    BootFileStore(Path root, long mostBytes) {
        this.root = root;
        this.mostBytes = mostBytes;
    }

    Path path(String image, String file, String sha256) {
        return root.resolve(image).resolve(sha256.substring(0, DIGITS) + "-" + file);
    }

    /** Reads the stream to its end into a file that no row names yet. */
    Content receive(String image, String file, InputStream content) throws IOException {
        Path directory = Files.createDirectories(root.resolve(image));
        Path arriving = directory.resolve(ARRIVING + UUID.randomUUID());
        try {
            Content received = copy(image, file, content, arriving);
            Files.move(arriving, received.file(), StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
            return received;
        } finally {
            Files.deleteIfExists(arriving);
        }
    }

    private Content copy(String image, String file, InputStream content, Path to) throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                refuseBeyondLimit(image, file, size);
                digest.update(buffer, 0, read);
                write(channel, ByteBuffer.wrap(buffer, 0, read));
            }
            channel.force(true);
        }
        String hex = HexFormat.of().formatHex(digest.digest());
        return new Content(path(image, file, hex), size, hex);
    }

    private void refuseBeyondLimit(String image, String file, long size) {
        if (size > mostBytes) {
            throw new QrmException(new Problem(
                    Problem.Kind.TOO_LARGE,
                    "store boot file",
                    image + "/" + file,
                    "it has more than " + mostBytes / (1024 * 1024) + " MiB",
                    "A kernel or initrd is smaller; put large content into a filesystem image."));
        }
    }

    private static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Removes content that no row names any more; what cannot be removed is left to the next start. */
    void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("Could not remove {}; it takes room and does nothing else", file, failed);
        }
    }

    void forgetImage(String image) {
        Path directory = root.resolve(image);
        files(directory).forEach(this::forget);
        forget(directory);
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            LOG.warn("Could not list {}", directory, failed);
            return List.of();
        }
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
