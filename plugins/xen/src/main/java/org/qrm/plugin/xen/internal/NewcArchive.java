package org.qrm.plugin.xen.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a cpio archive of the form that kernels unpack (newc; the kernel's Documentation/driver-api/early-userspace/
 * buffer-format.rst). Owners are root, times are 0: the same content gives the same bytes.
 */
final class NewcArchive implements Closeable {

    private static final int DIRECTORY = 0040755;
    private static final int FILE = 0100644;
    private static final String END = "TRAILER!!!";

    private final OutputStream out;
    private final Set<String> directories = new HashSet<>();
    private int inode;

    NewcArchive(OutputStream out) {
        this.out = out;
    }

    /** Adds a file, and the directories that it lies in. */
    void add(String path, byte[] content) throws IOException {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String directory = path.substring(0, slash);
            if (directories.add(directory)) {
                write(directory, DIRECTORY, 2, new byte[0]);
            }
        }
        write(path, FILE, 1, content);
    }

    @Override
    public void close() throws IOException {
        try (out) {
            inode = -1;
            write(END, 0, 1, new byte[0]);
        }
    }

    private void write(String path, int mode, int links, byte[] content) throws IOException {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        inode++;
        int[] fields = {inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append(String.format(Locale.ROOT, "%08X", field));
        }
        out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(name);
        pad(header.length() + name.length);
        out.write(content);
        pad(content.length);
    }

    private void pad(int written) throws IOException {
        out.write(new byte[(4 - written % 4) % 4]);
    }
}
