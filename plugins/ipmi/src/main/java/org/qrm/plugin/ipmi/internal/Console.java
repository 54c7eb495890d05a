package org.qrm.plugin.ipmi.internal;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An ipmitool at work at a machine's console. */
final class Console implements Terminal {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private final Runnable end;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final OutputStream input;
    private final InputStream output;

    /** @param end hangs up */
    Console(Process process, Runnable end) {
        this.end = end;
        input = new Keys(process.getOutputStream());
        output = new Shown(process.getInputStream());
    }

    @Override
    public OutputStream input() {
        return input;
    }

    @Override
    public InputStream output() {
        return output;
    }

    /** A serial line has no size. */
    @Override
    public void resize(TerminalSize size) {}

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end.run();
        }
    }

    /** Nobody types any more. Returns at once: who types into a full pipe holds it. */
    static void hangUp(Process process) {
        Thread thread = new Thread(
                () -> {
                    try {
                        process.getOutputStream().close();
                    } catch (IOException gone) {
                        LOG.debug("A console is gone already: {}", gone.toString());
                    }
                },
                "qrm-ipmi-console-end");
        thread.setDaemon(true);
        thread.start();
    }

    /** At the beginning of a line ipmitool takes {@code ~} for an order, by which it can be stopped or ended; two are one for the machine. */
    private static final class Keys extends OutputStream {

        private final OutputStream child;
        private boolean atBeginning = true;

        Keys(OutputStream child) {
            this.child = child;
        }

        @Override
        public void write(int key) throws IOException {
            write(new byte[] {(byte) key}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] typed, int offset, int length) throws IOException {
            ByteArrayOutputStream keys = new ByteArrayOutputStream(length + 8);
            for (int i = offset; i < offset + length; i++) {
                if (atBeginning && typed[i] == '~') {
                    keys.write('~');
                }
                keys.write(typed[i]);
                atBeginning = typed[i] == '\r' || typed[i] == '\n';
            }
            child.write(keys.toByteArray());
        }

        @Override
        public void flush() throws IOException {
            child.flush();
        }
    }

    /** ipmitool first complains that it is at no terminal. */
    private static final class Shown extends FilterInputStream {

        private static final byte[] COMPLAINT = "tcgetattr: ".getBytes(StandardCharsets.US_ASCII);
        private static final int LONGEST = 256;

        private boolean begun;
        private byte[] left = {};

        Shown(InputStream child) {
            super(child);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!begun) {
                begun = true;
                left = first();
            }
            if (left.length == 0) {
                return in.read(bytes, offset, length);
            }
            int count = Math.min(length, left.length);
            System.arraycopy(left, 0, bytes, offset, count);
            left = Arrays.copyOfRange(left, count, left.length);
            return count;
        }

        /** What came first, without the complaint, which it writes at once. */
        private byte[] first() throws IOException {
            byte[] first = new byte[LONGEST];
            int count = Math.max(0, in.read(first));
            int after = 0;
            if (count >= COMPLAINT.length
                    && Arrays.equals(first, 0, COMPLAINT.length, COMPLAINT, 0, COMPLAINT.length)) {
                while (after < count && first[after++] != '\n') {}
            }
            return Arrays.copyOfRange(first, after, count);
        }
    }
}
