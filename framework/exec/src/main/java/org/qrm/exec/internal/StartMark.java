package org.qrm.exec.internal;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A line that a command writes to standard output before anything else of its own. What stands before it comes from the
 * start-up files of the login shell (a greeting) and is dropped: it would become the head of a file, or break a protocol.
 */
final class StartMark {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEPT = 1024;

    private final String text;
    private final byte[] line;
    private final ByteArrayOutputStream before = new ByteArrayOutputStream();
    private int matched;

    private StartMark(String text) {
        this.text = text;
        this.line = (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Another one for each command, so that nothing else can hold it. */
    static StartMark fresh() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return new StartMark("qrm-start-" + HexFormat.of().formatHex(bytes));
    }

    /** Without the end of line. */
    String text() {
        return text;
    }

    synchronized boolean seen() {
        return matched == line.length;
    }

    /** The first of what stood before it. */
    synchronized String before() {
        return before.toString(StandardCharsets.UTF_8);
    }

    /** Looks for it in the bytes; answers how many of them are to be dropped. */
    private synchronized int drop(byte[] bytes, int offset, int length) {
        int i = 0;
        while (i < length && matched < line.length) {
            byte value = bytes[offset + i++];
            if (value == line[matched]) {
                matched++;
            } else {
                keep(line, matched);
                matched = value == line[0] ? 1 : 0; // its first letter is nowhere else in it
                if (matched == 0) {
                    keep(new byte[] {value}, 1);
                }
            }
        }
        return i;
    }

    private void keep(byte[] bytes, int length) {
        before.write(bytes, 0, Math.min(length, KEPT - Math.min(KEPT, before.size())));
    }

    /** Passes on what comes after it. */
    OutputStream onTo(OutputStream next) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int dropped = drop(bytes, offset, length);
                next.write(bytes, offset + dropped, length - dropped);
            }
        };
    }

    /** What comes after it. */
    Rest restOf(InputStream in) {
        return new Rest(in);
    }

    /** What comes after the mark. */
    final class Rest extends FilterInputStream {

        private Rest(InputStream in) {
            super(in);
        }

        /** Reads until the mark was there, or until the end. */
        synchronized void begin() throws IOException {
            byte[] one = new byte[1];
            while (!seen() && in.read(one) == 1) {
                drop(one, 0, 1);
            }
        }

        @Override
        public int read() throws IOException {
            begin();
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            begin();
            return super.read(bytes, offset, length);
        }
    }
}
