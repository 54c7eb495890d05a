package org.qrm.plugin.ipmi.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** Whether a child has begun: it says so. It is looked at again and again, since no interrupt ends a reader of a pipe. */
final class Begun {

    private static final long LOOK_MILLIS = 20;
    private static final int MOST = 16 * 1024;

    private Begun() {}

    /**
     * Waits for a line that begins with the sign, and reads it and no more.
     *
     * @param end by System.nanoTime()
     * @return what it said, with status 0 if that line was the last
     */
    static Said heard(Process process, String sign, long end) throws IOException, InterruptedException {
        InputStream from = process.getInputStream();
        StringBuilder said = new StringBuilder();
        int line = 0;
        while (true) {
            boolean over = !process.isAlive();
            while (from.available() > 0) {
                // one that says more and more does not begin by it
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (System.nanoTime() - end >= 0) {
                    return new Said(Said.ENDED, said.toString());
                }
                char next = (char) from.read();
                if (said.length() < MOST) {
                    said.append(next);
                }
                if (next == '\n') {
                    if (said.indexOf(sign, line) == line) {
                        return new Said(0, said.toString());
                    }
                    line = said.length();
                }
            }
            if (over) {
                // it may have ended well, and not begun
                return new Said(Math.max(1, process.exitValue()), said.toString());
            }
            if (System.nanoTime() - end >= 0) {
                return new Said(Said.ENDED, said.toString());
            }
            process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
