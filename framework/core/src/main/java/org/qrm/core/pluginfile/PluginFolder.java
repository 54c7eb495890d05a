package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that is watched for bundles, and one beside it, on the same file system, for what is on its way. A file is
 * complete when it appears in the folder.
 */
final class PluginFolder {

    /** Content that is on its way; to be forgotten whatever becomes of it. */
    record Arrived(Path file, long size, String sha256) {}

    /** What is known of a file in the folder. */
    record Listed(String name, long size, String sha256) {}

    private record Digest(long size, FileTime changed, String sha256) {}

    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final Path arriving;
    private final Path uninstalled;
    private final long mostBytes;
    private final Map<String, Digest> digests = new ConcurrentHashMap<>();

    /** @param uninstalled where files go whose bundle was uninstalled in the console */
    PluginFolder(Path folder, Path arriving, Path uninstalled, long mostBytes) {
        this.folder = folder;
        this.arriving = arriving;
        this.uninstalled = uninstalled;
        this.mostBytes = mostBytes;
    }

    /** Makes both folders, and removes what was on its way when the server was killed. */
    void prepare() throws IOException {
        Files.createDirectories(folder);
        Files.createDirectories(arriving);
        try (Stream<Path> left = Files.list(arriving)) {
            left.forEach(this::forget);
        }
    }

    /** As the framework names it: without symbolic links. */
    Path path(String name) {
        try {
            return folder.toRealPath().resolve(name);
        } catch (IOException away) {
            return folder.toAbsolutePath().normalize().resolve(name);
        }
    }

    /** The jar files, in the order of their names. */
    List<Listed> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(PluginFileName::is)
                    .sorted()
                    .flatMap(name -> find(name).stream())
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** Empty also when it goes while it is looked at. */
    Optional<Listed> find(String name) {
        try {
            Path file = path(name);
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            if (!now.isRegularFile()) {
                return Optional.empty();
            }
            Digest known = digests.get(name);
            if (known == null || known.size != now.size() || !known.changed.equals(now.lastModifiedTime())) {
                known = new Digest(now.size(), now.lastModifiedTime(), sha256(file));
                digests.put(name, known);
            }
            return Optional.of(new Listed(name, known.size, known.sha256));
        } catch (IOException gone) {
            digests.remove(name);
            return Optional.empty();
        }
    }

    /** Reads the stream to its end, into a file outside the folder. */
    Arrived receive(String name, InputStream content) throws IOException {
        Path file = Files.createTempFile(arriving, "", ".jar");
        MessageDigest digest = sha256();
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                refuseBeyondLimit(name, size);
                digest.update(buffer, 0, read);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.force(true);
            return new Arrived(file, size, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException | RuntimeException failed) {
            forget(file);
            throw failed;
        }
    }

    private void refuseBeyondLimit(String name, long size) {
        if (size > mostBytes) {
            throw new QrmException(new Problem(
                    Problem.Kind.TOO_LARGE,
                    PluginFileService.ADD,
                    name,
                    "it has more than " + mostBytes / (1024 * 1024) + " MiB",
                    "A bundle is smaller; put images into boot images and filesystem images."));
        }
    }

    /** Puts it into the folder in one step; what had the name is kept aside and returned. */
    Optional<Path> place(Arrived arrived, String name) throws IOException {
        Path file = path(name);
        Optional<Path> earlier = keepAside(file);
        try {
            move(arrived.file(), file);
            return earlier;
        } catch (IOException | RuntimeException failed) {
            earlier.ifPresent(this::forget);
            throw failed;
        }
    }

    private Optional<Path> keepAside(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Path copy = Files.createTempFile(arriving, "earlier-", ".jar");
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(copy);
    }

    /** Another has taken its place. */
    void forgetUninstalled(String name) {
        forget(uninstalled.resolve(name));
    }

    /** What was kept aside takes its place again. */
    void putBack(Path earlier, String name) throws IOException {
        move(earlier, path(name));
    }

    void takeOut(String name) throws IOException {
        Files.deleteIfExists(path(name));
        digests.remove(name);
        sync();
    }

    /** Removes what was on its way; what cannot be removed is left to the next start. */
    void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("Could not remove {}; it takes room and does nothing else", file, failed);
        }
    }

    /** The file is younger than the one it replaces by at least a millisecond: who watches the folder sees no more of it. */
    private void move(Path from, Path to) throws IOException {
        long now = System.currentTimeMillis();
        long before = Files.exists(to) ? Files.getLastModifiedTime(to).toMillis() : 0;
        Files.setLastModifiedTime(from, FileTime.fromMillis(Math.max(now, before + 1)));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync();
    }

    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String sha256(Path file) throws IOException {
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
}
