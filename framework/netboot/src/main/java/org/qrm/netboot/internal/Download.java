package org.qrm.netboot.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletResponse;

/** Sends a stream as fast as its reader takes it, without holding a thread for a slow one. */
final class Download implements WriteListener {

    /** A download that takes longer is cut off. */
    static final long MAX_MILLIS = TimeUnit.HOURS.toMillis(1);

    private static final int CHUNK = 64 * 1024;

    private final InputStream content;
    private final ServletOutputStream output;
    private final Exchange exchange;
    private final byte[] chunk = new byte[CHUNK];
    private long left;

    private Download(InputStream content, long length, ServletOutputStream output, Exchange exchange) {
        this.content = content;
        this.left = length;
        this.output = output;
        this.exchange = exchange;
    }

    /**
     * Starts it; headers must be set.
     *
     * @param content closed when this is over
     * @param length how much of it to send at most
     */
    static void start(InputStream content, long length, HttpServletResponse response, Exchange exchange)
            throws IOException {
        exchange.onTimeout(exchange::abort);
        exchange.onEnd(() -> closeQuietly(content));
        ServletOutputStream output = response.getOutputStream();
        output.setWriteListener(new Download(content, length, output, exchange));
    }

    @Override
    public void onWritePossible() throws IOException {
        while (!exchange.finished() && output.isReady()) {
            int count = left == 0 ? -1 : content.read(chunk, 0, (int) Math.min(CHUNK, left));
            if (count < 0) {
                exchange.sent();
                return;
            }
            left -= count;
            output.write(chunk, 0, count);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        exchange.abort();
    }

    private static void closeQuietly(InputStream content) {
        try {
            content.close();
        } catch (IOException e) {
            // only read from; nothing is lost
        }
    }
}
