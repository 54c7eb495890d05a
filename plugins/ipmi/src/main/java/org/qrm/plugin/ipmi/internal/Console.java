package org.qrm.plugin.ipmi.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
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
    private static final class Shown extends PushbackInputStream {

        private static final String COMPLAINT = "tcgetattr: ";
        private static final int LONGEST = 256;

        private boolean begun;

        Shown(InputStream child) {
            super(child, LONGEST);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** What of an ipmitool cannot be read any more that was ended by force is the end of it. */
        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                begin();
                return super.read(bytes, offset, length);
            } catch (IOException ended) {
                LOG.debug("A console has ended: {}", ended.toString());
                return -1;
            }
        }

        /** Leaves out the complaint, which it writes at once, and first. */
        private void begin() throws IOException {
            if (begun) {
                return;
            }
            begun = true;
            byte[] first = new byte[LONGEST];
            int count = Math.max(0, super.read(first, 0, LONGEST));
            String said = new String(first, 0, count, StandardCharsets.ISO_8859_1);
            int end = said.indexOf('\n');
            int after = !said.startsWith(COMPLAINT) ? 0 : end < 0 ? count : end + 1;
            unread(first, after, count - after);
        }
    }
}
