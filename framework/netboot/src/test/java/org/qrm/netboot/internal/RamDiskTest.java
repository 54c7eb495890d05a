package org.qrm.netboot.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/** Read as firmware reads it: by the fields of the boot sector, the table and the directories. */
public class RamDiskTest {

    private final Map<String, Map.Entry<Long, RamDisk.Content>> files = new LinkedHashMap<>();

    @Test
    public void holdsEachFileUnderItsName() throws IOException {
        byte[] kernel = random(2_000_001);
        put("EFI/BOOT/BOOTX64.EFI", "shim".getBytes(StandardCharsets.US_ASCII));
        put("vmlinuz", kernel);
        put("grub/grub.cfg", random(512));
        put("empty", new byte[0]);
        RamDisk disk = new RamDisk(files);
        ByteBuffer image = image(disk);
        assertEquals(disk.size(), image.capacity());
        for (Map.Entry<String, Map.Entry<Long, RamDisk.Content>> file : files.entrySet()) {
            try (InputStream content = file.getValue().getValue().open()) {
                assertArrayEquals(file.getKey(), content.readAllBytes(), read(image, file.getKey()));
            }
        }
    }

    @Test
    public void isFat16WhateverItsSize() throws IOException {
        for (long size : new long[] {0, 1_000_000, 40_000_000, 90_000_000, 600_000_000}) {
            files.put("initrd.img", Map.entry(size, () -> new ByteArrayInputStream(new byte[0])));
            RamDisk disk = new RamDisk(files);
            byte[] first;
            try (InputStream content = disk.open()) {
                first = content.readNBytes(512);
            }
            ByteBuffer sector = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
            long clusters = (sector.getInt(32) - dataSector(sector)) / sector.get(13);
            assertTrue(size + ": " + clusters, clusters >= 4085 && clusters < 65_525);
            assertTrue(disk.size() >= size);
        }
        files.put("initrd.img", Map.entry(3_000_000_000L, () -> new ByteArrayInputStream(new byte[0])));
        assertThrows(IllegalArgumentException.class, () -> new RamDisk(files));
    }

    private void put(String path, byte[] content) {
        files.put(path, Map.entry((long) content.length, () -> new ByteArrayInputStream(content)));
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private static ByteBuffer image(RamDisk disk) throws IOException {
        try (InputStream content = disk.open()) {
            return ByteBuffer.wrap(content.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static int dataSector(ByteBuffer image) {
        int root = image.getShort(17) * 32 / 512;
        return image.getShort(14) + image.get(16) * image.getChar(22) + root;
    }

    private static byte[] read(ByteBuffer image, String path) {
        int at = (image.getShort(14) + image.get(16) * image.getChar(22)) * 512;
        String[] names = path.split("/");
        for (int each = 0; ; each++) {
            int entry = find(image, at, names[each]);
            int cluster = image.getChar(entry + 26);
            if (each == names.length - 1) {
                return content(image, cluster, image.getInt(entry + 28));
            }
            at = offset(image, cluster);
        }
    }

    private static int find(ByteBuffer image, int directory, String name) {
        String[] parts = (name + ".").split("\\.", -1);
        String wanted = String.format("%-8s%-3s", parts[0], parts[1]).toUpperCase(Locale.ROOT);
        int entry = directory;
        while (!wanted.equals(text(image, entry))) {
            assertTrue(name, image.get(entry) != 0);
            entry += 32;
        }
        return entry;
    }

    private static String text(ByteBuffer image, int at) {
        byte[] name = new byte[11];
        image.get(at, name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static byte[] content(ByteBuffer image, int first, int size) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int bytes = image.get(13) * 512;
        for (int cluster = first; content.size() < size; ) {
            byte[] part = new byte[Math.min(bytes, size - content.size())];
            image.get(offset(image, cluster), part);
            content.writeBytes(part);
            cluster = image.getChar(image.getShort(14) * 512 + cluster * 2);
        }
        return content.toByteArray();
    }

    private static int offset(ByteBuffer image, int cluster) {
        return (dataSector(image) + (cluster - 2) * image.get(13)) * 512;
    }
}
