package org.qrm.exec.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Standard error of a command: tells the listener each line as it ends (with LF, or with CR as progress meters do) and
 * keeps the last 8 KiB.
 */
final class ErrorLines {

    /** The longest line that is told; the rest of it is dropped. */
    static final int MAX_LINE = 4096;

    private static final int KEPT = 8192;

    /** Begins the line, not meant for people, by which a command tells its process group. */
    static final String GROUP = "qrm-process-group ";

    private static final Pattern TOLD = Pattern.compile("(.*)" + GROUP + "([0-9]{1,10})");

    private final Consumer<String> listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] ring = new byte[KEPT];
    private long written;
    private long lineStart;
    private long group;

    ErrorLines(Consumer<String> listener) {
        this.listener = listener;
    }

    synchronized void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            add(bytes[i]);
        }
    }

    /** Tells the last line, if it did not end. */
    synchronized void end() {
        if (line.size() > 0) {
            tell();
        }
    }

    /** The process group that it told, or 0. */
    synchronized long group() {
        return group;
    }

    /** The last 8 KiB. */
    synchronized String tail() {
        int size = (int) Math.min(written, KEPT);
        byte[] last = new byte[size];
        for (int i = 0; i < size; i++) {
            last[i] = ring[(int) ((written - size + i) % KEPT)];
        }
        return new String(last, StandardCharsets.UTF_8);
    }

    private void add(byte value) {
        ring[(int) (written++ % KEPT)] = value;
        if (value == '\n' || value == '\r') {
            end();
            lineStart = written;
        } else if (line.size() < MAX_LINE) {
            line.write(value);
        }
    }

    private void tell() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        Matcher told = TOLD.matcher(text);
        if (group == 0 && told.matches()) { // a greeting without a line end may stand before it
            group = Long.parseLong(told.group(2));
            written = lineStart;
        } else if (listener != null) {
            listener.accept(text);
        }
    }
}
