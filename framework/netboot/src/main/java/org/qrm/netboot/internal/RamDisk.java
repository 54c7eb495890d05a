package org.qrm.netboot.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A disk for the memory of a machine: a FAT16 file system (Microsoft's FAT specification 1.03) that is put together while it is
 * sent, of files that lie elsewhere. Names have 8 characters and 3 behind a dot at most, since that takes no more than one entry
 * each; FAT does not tell upper from lower case.
 */
final class RamDisk {

    /** Where the content of a file comes from; opened when it is its turn. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    private record Stored(String path, long size, Content content, int cluster) {}

    private static final int SECTOR = 512;
    private static final int ENTRY = 32;
    private static final int ROOT_ENTRIES = 512;
    private static final int ROOT_SECTORS = ROOT_ENTRIES * ENTRY / SECTOR;
    private static final int RESERVED = 1;

    /** With fewer clusters it would be taken for FAT12, with more for FAT32. */
    private static final int FEWEST = 4085;

    private static final int MOST = 65_524;
    private static final int FIRST = 2;
    private static final char LAST = 0xffff;
    private static final byte DIRECTORY = 0x10;
    private static final byte ARCHIVE = 0x20;

    /** But for the root, with the cluster that each begins at; they are before all files. */
    private final Map<String, Integer> directories = new LinkedHashMap<>();

    private final List<Stored> files = new ArrayList<>();
    private final int perCluster;
    private final int clusters;
    private int next = FIRST;

    /**
     * Lays it out.
     *
     * @param files size and content by path, {@code EFI/BOOT/BOOTX64.EFI}
     */
    RamDisk(Map<String, Map.Entry<Long, Content>> files) {
        files.keySet().forEach(this::makeDirectories);
        perCluster = perCluster(files, directories.size());
        directories.replaceAll((directory, none) -> next++);
        files.forEach((path, file) -> {
            this.files.add(new Stored(path, file.getKey(), file.getValue(), next));
            next += clustersOf(file.getKey());
        });
        clusters = Math.max(next - FIRST, FEWEST);
    }

    private void makeDirectories(String path) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            directories.put(path.substring(0, slash), 0);
        }
    }

    private static int perCluster(Map<String, Map.Entry<Long, Content>> files, int directories) {
        for (int sectors = 1; sectors <= 64; sectors *= 2) {
            long bytes = (long) sectors * SECTOR;
            long needed = directories
                    + files.values().stream()
                            .mapToLong(file -> (file.getKey() + bytes - 1) / bytes)
                            .sum();
            if (needed <= MOST) {
                return sectors;
            }
        }
        throw new IllegalArgumentException("more than FAT16 holds");
    }

    private int clustersOf(long size) {
        long bytes = (long) perCluster * SECTOR;
        return (int) ((size + bytes - 1) / bytes);
    }

    private int tableSectors() {
        return ((clusters + FIRST) * 2 + SECTOR - 1) / SECTOR;
    }

    private long sectors() {
        return RESERVED + 2L * tableSectors() + ROOT_SECTORS + (long) clusters * perCluster;
    }

    /** Octets. */
    long size() {
        return sectors() * SECTOR;
    }

    /** The whole disk, from its first sector on. */
    InputStream open() {
        List<Content> parts = new ArrayList<>();
        byte[] table = table();
        parts.add(() -> new ByteArrayInputStream(bootSector()));
        parts.add(() -> new ByteArrayInputStream(table));
        parts.add(() -> new ByteArrayInputStream(table));
        parts.add(() -> new ByteArrayInputStream(directory("", ROOT_SECTORS * SECTOR)));
        for (String name : directories.keySet()) {
            parts.add(() -> new ByteArrayInputStream(directory(name, perCluster * SECTOR)));
        }
        for (Stored file : files) {
            parts.add(file.content());
            parts.add(() -> zeros((long) clustersOf(file.size()) * perCluster * SECTOR - file.size()));
        }
        parts.add(() -> zeros((long) (clusters - (next - FIRST)) * perCluster * SECTOR));
        return new SequenceInputStream(new InTurn(parts.iterator()));
    }

    private byte[] bootSector() {
        ByteBuffer sector = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        sector.put(new byte[] {(byte) 0xeb, 0x3c, (byte) 0x90}).put(ascii("QRM     "));
        sector.putShort((short) SECTOR).put((byte) perCluster).putShort((short) RESERVED);
        sector.put((byte) 2).putShort((short) ROOT_ENTRIES);
        sector.putShort((short) 0).put((byte) 0xf8).putShort((short) tableSectors());
        sector.putShort((short) 32).putShort((short) 8).putInt(0).putInt((int) sectors());
        sector.put((byte) 0x80).put((byte) 0).put((byte) 0x29).putInt(0x4d_52_51_00);
        sector.put(ascii("QRM        ")).put(ascii("FAT16   "));
        return sector.putShort(SECTOR - 2, (short) 0xaa55).array();
    }

    private byte[] table() {
        ByteBuffer table = ByteBuffer.allocate(tableSectors() * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        table.putChar((char) 0xfff8).putChar(LAST);
        directories.values().forEach(cluster -> table.putChar(cluster * 2, LAST));
        for (Stored file : files) {
            int end = file.cluster() + clustersOf(file.size());
            for (int cluster = file.cluster(); cluster < end; cluster++) {
                table.putChar(cluster * 2, cluster == end - 1 ? LAST : (char) (cluster + 1));
            }
        }
        return table.array();
    }

    private byte[] directory(String name, int length) {
        ByteBuffer entries = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        if (!name.isEmpty()) {
            entry(entries, ascii(".          "), DIRECTORY, directories.get(name), 0);
            entry(entries, ascii("..         "), DIRECTORY, directories.getOrDefault(parent(name), 0), 0);
        }
        directories.forEach((path, cluster) -> {
            if (parent(path).equals(name)) {
                entry(entries, shortName(path), DIRECTORY, cluster, 0);
            }
        });
        for (Stored file : files) {
            if (parent(file.path()).equals(name)) {
                entry(entries, shortName(file.path()), ARCHIVE, file.size() == 0 ? 0 : file.cluster(), file.size());
            }
        }
        return entries.array();
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }

    private static void entry(ByteBuffer entries, byte[] name, byte attributes, int cluster, long size) {
        int at = entries.position();
        entries.put(name).put(attributes);
        entries.putShort(at + 24, (short) 0x21); // the first of January 1980: there is no day before
        entries.putChar(at + 26, (char) cluster).putInt(at + 28, (int) size).position(at + ENTRY);
    }

    private static byte[] shortName(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        String suffix = dot < 0 ? "" : name.substring(dot + 1);
        if (stem.isEmpty() || stem.length() > 8 || suffix.length() > 3) {
            throw new IllegalArgumentException(name);
        }
        return ascii((stem + " ".repeat(8 - stem.length()) + suffix + " ".repeat(3 - suffix.length()))
                .toUpperCase(Locale.ROOT));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static InputStream zeros(long count) {
        return new InputStream() {
            private long left = count;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (left <= 0) {
                    return -1;
                }
                int now = (int) Math.min(left, length);
                Arrays.fill(into, from, from + now, (byte) 0);
                left -= now;
                return now;
            }
        };
    }

    /** Opens each when the one before has ended. */
    private record InTurn(Iterator<Content> parts) implements Enumeration<InputStream> {

        @Override
        public boolean hasMoreElements() {
            return parts.hasNext();
        }

        @Override
        public InputStream nextElement() {
            try {
                return parts.next().open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
