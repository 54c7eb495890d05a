package org.qrm.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Lists what is in a tar.gz, as POSIX.1-1988 (ustar) and GNU tar write it. */
final class Tar {

    private static final int BLOCK = 512;

    /**
     * Something in it.
     *
     * @param name as it is written there
     * @param type {@code 0} of a file, {@code 1} and {@code 2} of a link, {@code 5} of a folder
     * @param target of a link, else empty
     * @param mode permissions
     */
    record Entry(String name, char type, String target, int mode) {

        boolean isFile() {
            return type == '0' || type == 0;
        }
    }

    private Tar() {}

    /** @throws IOException when it is none */
    static List<Entry> entries(byte[] compressed) throws IOException {
        List<Entry> entries = new ArrayList<>();
        String longName = null;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] header = in.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0) {
                verify(header);
                char type = (char) header[156];
                byte[] content = content(in, octal(header, 124, 12));
                if (type == 'L') {
                    longName = text(content, 0, content.length);
                } else if (type != 'x' && type != 'g') {
                    String prefix = text(header, 345, 155);
                    String name = prefix.isEmpty() ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
                    entries.add(new Entry(longName == null ? name : longName, type, text(header, 157, 100), (int)
                            octal(header, 100, 8)));
                    longName = null;
                }
                header = in.readNBytes(BLOCK);
            }
            if (header.length != BLOCK) {
                throw new IOException("the tar is cut off");
            }
            in.transferTo(OutputStream.nullOutputStream());
        }
        return entries;
    }

    private static void verify(byte[] header) throws IOException {
        long sum = 0;
        for (int at = 0; at < BLOCK; at++) {
            sum += at >= 148 && at < 156 ? ' ' : header[at] & 0xff;
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException("it is no tar");
        }
    }

    private static byte[] content(InputStream in, long size) throws IOException {
        byte[] content = in.readNBytes((int) size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return content;
    }

    private static long octal(byte[] block, int from, int length) throws IOException {
        String digits = text(block, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException other) {
            throw new IOException("it is no tar: " + digits, other);
        }
    }

    private static String text(byte[] block, int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return new String(block, from, end - from, UTF_8);
    }
}
