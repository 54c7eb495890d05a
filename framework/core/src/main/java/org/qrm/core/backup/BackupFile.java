package org.qrm.core.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a backup: a zip file, so that other programs can look into it, whose comment is the SHA-256 of all bytes before it. It has
 * its name only when it is whole and on the disk.
 */
final class BackupFile implements AutoCloseable {

    static final String MANIFEST = "manifest";
    static final String SETTINGS = "settings";
    static final String DIGESTS = "SHA256SUMS";
    static final int DIGEST_LENGTH = 64;

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final Digesting all;
    private final ZipOutputStream zip;
    private final Map<String, String> digests = new TreeMap<>();
    private boolean whole;

    BackupFile(Path file) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        this.channel = FileChannel.open(part, StandardOpenOption.WRITE);
        this.all = new Digesting(Channels.newOutputStream(channel));
        this.zip = new ZipOutputStream(all, StandardCharsets.UTF_8);
    }

    /**
     * All regular files below a directory, under that name; what is gone meanwhile was of no use.
     *
     * @param without regular expressions of paths that are left out, not even looked into; that of a directory ends with
     *     a slash
     */
    void addAll(String name, Path directory, List<String> without) throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        Predicate<String> leftOut = path -> without.stream().anyMatch(path::matches);
        Files.walkFileTree(
                directory, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        return leftOut.test(directory.relativize(folder) + "/")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String path = directory.relativize(file).toString();
                        if (attributes.isRegularFile() && !leftOut.test(path)) {
                            files.put(path, file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                        // one that may not be read fails before it is asked whether it is left out; a loop leads to
                        // what is there
                        if (failed instanceof NoSuchFileException
                                || failed instanceof FileSystemLoopException
                                || leftOut.test(directory.relativize(file) + "/")) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failed;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                        return failed == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failed);
                    }
                });
        for (Map.Entry<String, Path> each : files.entrySet()) {
            try (InputStream in = Files.newInputStream(each.getValue())) {
                add(name + "/" + each.getKey(), in);
            } catch (NoSuchFileException gone) {
                continue;
            }
        }
    }

    void add(String name, InputStream content) throws IOException {
        MessageDigest digest = sha256();
        zip.putNextEntry(new ZipEntry(name));
        try (DigestInputStream in = new DigestInputStream(content, digest)) {
            in.transferTo(zip);
        }
        zip.closeEntry();
        digests.put(name, HexFormat.of().formatHex(digest.digest()));
    }

    void add(String name, String content) throws IOException {
        add(name, new java.io.ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ends it, and gives it its name. */
    void finish() throws IOException {
        StringBuilder lines = new StringBuilder();
        digests.forEach(
                (name, digest) -> lines.append(digest).append("  ").append(name).append('\n'));
        add(DIGESTS, lines.toString());
        zip.setComment("0".repeat(DIGEST_LENGTH));
        zip.finish();
        channel.truncate(channel.size() - DIGEST_LENGTH);
        channel.position(channel.size());
        Channels.newOutputStream(channel).write(all.digest().getBytes(StandardCharsets.US_ASCII));
        channel.force(true);
        channel.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        whole = true;
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
            directory.force(true);
        }
    }

    /** Leaves nothing behind unless it is whole. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!whole) {
            Files.deleteIfExists(part);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Digests all but the last 64 bytes, which are the room for the digest. */
    private static final class Digesting extends FilterOutputStream {

        private final MessageDigest digest = sha256();
        private byte[] last = new byte[0];

        Digesting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            byte[] seen = new byte[last.length + length];
            System.arraycopy(last, 0, seen, 0, last.length);
            System.arraycopy(bytes, from, seen, last.length, length);
            int done = Math.max(0, seen.length - DIGEST_LENGTH);
            digest.update(seen, 0, done);
            last = java.util.Arrays.copyOfRange(seen, done, seen.length);
        }

        String digest() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
