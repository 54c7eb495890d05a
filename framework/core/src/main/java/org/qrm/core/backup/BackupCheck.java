package org.qrm.core.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A backup that is read: its digests, and what is in it. */
final class BackupCheck implements AutoCloseable {

    private final Path file;
    private final ZipFile zip;

    /** @throws IOException unless each byte of the file is as it was written */
    BackupCheck(Path file) throws IOException {
        this.file = file;
        checkWhole();
        this.zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    }

    private void checkWhole() throws IOException {
        MessageDigest digest = BackupFile.sha256();
        try (FileChannel channel = FileChannel.open(file)) {
            long rest = channel.size() - BackupFile.DIGEST_LENGTH;
            if (rest <= 0) {
                throw new IOException("it is no backup of QRM: it has " + channel.size() + " bytes");
            }
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (rest > 0) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), rest));
                rest -= channel.read(buffer);
                digest.update(buffer.flip());
            }
            ByteBuffer told = ByteBuffer.allocate(BackupFile.DIGEST_LENGTH);
            while (told.hasRemaining() && channel.read(told) >= 0) {
                continue;
            }
            String expected = new String(told.array(), StandardCharsets.US_ASCII);
            if (!expected.equals(HexFormat.of().formatHex(digest.digest()))) {
                throw new IOException("it is damaged or cut off, or no backup of QRM: it does not end with the"
                        + " SHA-256 of what is before");
            }
        }
    }

    Map<String, String> manifest() throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line : text(BackupFile.MANIFEST).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }

    /** Files of settings by name, with what is in them. */
    SortedMap<String, String> settings() throws IOException {
        SortedMap<String, String> settings = new TreeMap<>();
        for (ZipEntry entry : entries(BackupFile.SETTINGS + "/")) {
            settings.put(entry.getName().substring(BackupFile.SETTINGS.length() + 1), text(entry.getName()));
        }
        return settings;
    }

    /** Compares each file with its digest. */
    int checkFiles() throws IOException {
        Map<String, String> digests = new HashMap<>();
        for (String line : text(BackupFile.DIGESTS).split("\n")) {
            digests.put(line.substring(BackupFile.DIGEST_LENGTH + 2), line.substring(0, BackupFile.DIGEST_LENGTH));
        }
        for (ZipEntry entry : entries("")) {
            MessageDigest digest = BackupFile.sha256();
            try (InputStream in = new DigestInputStream(zip.getInputStream(entry), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            String told = digests.remove(entry.getName());
            if (!entry.getName().equals(BackupFile.DIGESTS)
                    && !HexFormat.of().formatHex(digest.digest()).equals(told)) {
                throw new IOException("its file " + entry.getName() + " is not the one that was saved");
            }
        }
        if (!digests.isEmpty()) {
            throw new IOException("it lacks " + digests.keySet());
        }
        return entries("").size();
    }

    /** Writes what is below a name of the backup into a directory, closed to others, and onto the disk. */
    void extract(String name, Path directory) throws IOException {
        createPrivate(directory);
        for (ZipEntry entry : entries(name + "/")) {
            Path target = directory
                    .resolve(entry.getName().substring(name.length() + 1))
                    .normalize();
            if (!target.startsWith(directory)) {
                throw new IOException("its file " + entry.getName() + " would be outside of " + directory);
            }
            createPrivate(target.getParent());
            Files.createFile(
                    target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (InputStream in = zip.getInputStream(entry);
                    FileChannel out = FileChannel.open(target, java.nio.file.StandardOpenOption.WRITE)) {
                in.transferTo(java.nio.channels.Channels.newOutputStream(out));
                out.force(true);
            }
        }
    }

    private static void createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    InputStream open(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("it is no backup of QRM: it lacks " + name);
        }
        return zip.getInputStream(entry);
    }

    private String text(String name) throws IOException {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<? extends ZipEntry> entries(String prefix) {
        return zip.stream().filter(entry -> entry.getName().startsWith(prefix)).toList();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
