package org.qrm.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a site adds to the initrd of the idle environment, as firmware of network cards: archives that the kernel unpacks one after
 * the other (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
final class AddedArchives {

    /** The most that all of them may have, in bytes: machines hold it in memory twice while they unpack it. */
    static final long MOST_BYTES = 64L * 1024 * 1024;

    /** How an archive begins: cpio's newc with and without check sums, then by gzip, xz and zstd. */
    private static final List<String> BEGINNINGS =
            List.of("303730373031", "303730373032", "1f8b", "fd377a585a00", "28b52ffd");

    private static final int LONGEST_BEGINNING = 6;
    private static final int ALIGNMENT = 4;

    private final List<Path> files = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** @param folder whose files {@code *.img} they are, in the order of their names; it need not be there */
    AddedArchives(Path folder) {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.list(folder)) {
                long size = 0;
                for (Path file : found.filter(each -> each.toString().endsWith(".img"))
                        .sorted()
                        .toList()) {
                    size = add(file, size);
                }
            } catch (IOException unreadable) {
                problems.add(
                        folder + " cannot be read (" + unreadable.getClass().getSimpleName() + ")");
            }
        }
    }

    private long add(Path file, long before) {
        try {
            long size = before + Files.size(file);
            if (!isArchive(file)) {
                problems.add(file
                        + " is no archive that a kernel unpacks (cpio in the form newc, plain or by gzip, xz or zstd)");
            } else if (size > MOST_BYTES) {
                problems.add(file + " is too much: all archives together may have " + (MOST_BYTES >> 20) + " MiB");
            } else {
                files.add(file);
                return size;
            }
        } catch (IOException unreadable) {
            problems.add(file + " cannot be read (" + unreadable.getClass().getSimpleName() + ")");
        }
        return before;
    }

    private static boolean isArchive(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String head = HexFormat.of().formatHex(in.readNBytes(LONGEST_BEGINNING));
            return BEGINNINGS.stream().anyMatch(head::startsWith);
        }
    }

    /** What is wrong with those that are left out, a sentence without its end each. */
    List<String> problems() {
        return problems;
    }

    /** Of those that are taken. */
    List<String> names() {
        return files.stream().map(file -> file.getFileName().toString()).toList();
    }

    /** Writes the initrd and all of them behind it, each where the kernel looks for the next: at a multiple of four bytes. */
    void join(Path initrd, Path output) throws IOException {
        Files.createDirectories(output.toAbsolutePath().getParent());
        Path part = output.resolveSibling(output.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            long written = Files.copy(initrd, out);
            for (Path file : files) {
                byte[] gap = new byte[(int) (-written & (ALIGNMENT - 1))];
                out.write(gap);
                written += gap.length + Files.copy(file, out);
            }
        }
        Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
    }
}
