package org.qrm.rest.internal.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;

/** Writes who it is and its size, answers what is typed in capitals, and ends with {@code exit}. */
final class FakeTerminal implements Terminal {

    private final PipedInputStream output = new PipedInputStream(1_000_000);
    private final PipedOutputStream writes;
    private final AtomicInteger hungUp;

    FakeTerminal(String name, TerminalSize size, AtomicInteger hungUp) {
        this.hungUp = hungUp;
        try {
            writes = new PipedOutputStream(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(name + " ");
        resize(size);
    }

    private void write(String text) {
        try {
            writes.write(text.getBytes(StandardCharsets.UTF_8));
            writes.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream input() {
        return new OutputStream() {
            @Override
            public void write(int one) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] typed) throws IOException {
                String text = new String(typed, StandardCharsets.UTF_8);
                FakeTerminal.this.write(text.toUpperCase(Locale.ROOT));
                if (text.equals("exit")) {
                    writes.close();
                }
            }
        };
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public void resize(TerminalSize size) {
        write(size.columns() + "x" + size.rows() + "\r\n");
    }

    @Override
    public void close() {
        hungUp.incrementAndGet();
        try {
            writes.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
