package org.qrm.http.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;

/**
 * Compresses an answer whose length is told before its first byte, if it is text and long enough to gain by it. What has a strong entity
 * tag goes as it is, for it would have to have another one (RFC 9110, 8.8.3.3); so does what tells no length, as streams.
 */
final class CompressedResponse extends HttpServletResponseWrapper {

    /** Shorter answers fit into one packet as they are. */
    static final int LEAST = 1400;

    private static final Pattern TEXT =
            Pattern.compile("(text/|application/([a-z-]+\\+)?json|application/openmetrics-text|image/svg).*");

    private int length = -1;
    private Whole whole;

    CompressedResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void setContentLength(int octets) {
        if (gains(octets)) {
            length = octets;
        } else {
            super.setContentLength(octets);
        }
    }

    @Override
    public void setContentLengthLong(long octets) {
        if (octets <= Integer.MAX_VALUE) {
            setContentLength((int) octets);
        } else {
            super.setContentLengthLong(octets);
        }
    }

    private boolean gains(int octets) {
        String type = getContentType();
        String tag = getHeader("ETag");
        return octets >= LEAST
                && type != null
                && TEXT.matcher(type).matches()
                && (tag == null || tag.startsWith("W/"))
                && getHeader("Content-Encoding") == null;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (length < 0) {
            return super.getOutputStream();
        }
        if (whole == null) {
            whole = new Whole(super.getOutputStream());
        }
        return whole;
    }

    @Override
    public void reset() {
        super.reset();
        forget();
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        forget();
    }

    private void forget() {
        length = -1;
        whole = null;
    }

    /** Sends once all of it is there, which as a rule is at once. */
    private final class Whole extends ServletOutputStream {

        private final ServletOutputStream out;
        private final ByteArrayOutputStream packed = new ByteArrayOutputStream(length / 4);
        private final OutputStream gzip = new GZIPOutputStream(packed);
        private int left = length;

        Whole(ServletOutputStream out) throws IOException {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int count) throws IOException {
            if (count > left) {
                throw new IOException("more is written than the " + length + " octets that were told");
            }
            gzip.write(octets, offset, count);
            left -= count;
            if (left == 0) {
                gzip.close();
                setHeader("Content-Encoding", "gzip");
                CompressedResponse.super.setContentLength(packed.size());
                packed.writeTo(out);
            }
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }

        @Override
        public void flush() throws IOException {
            if (left == 0) {
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
