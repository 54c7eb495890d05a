package org.qrm.rack;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A command at a pseudo terminal of the rack's server host, typed at as people do it: when it has asked. */
final class Keys implements AutoCloseable {

    private static final long MINUTES = 2;

    private final Process process;
    private final StringBuilder screen = new StringBuilder();
    private int seen;

    /** @param line for a shell, in that folder */
    Keys(Rack rack, Path folder, String line) throws IOException {
        process = rack.command("exec", "server", "--", "script", "-qefc", "cd '" + folder + "' && " + line, "/dev/null")
                .start();
        Thread reader = new Thread(this::read, "keys");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] some = new byte[4096];
        try (InputStream in = process.getInputStream()) {
            for (int length = in.read(some); length >= 0; length = in.read(some)) {
                synchronized (screen) {
                    screen.append(new String(some, 0, length, StandardCharsets.UTF_8));
                    screen.notifyAll();
                }
            }
        } catch (IOException ended) {
            // what was shown until then is there
        }
    }

    /** Waits until the terminal shows a text that it did not show before; answers all up to it. */
    Keys shows(String text) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        synchronized (screen) {
            while (screen.indexOf(text, seen) < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertTrue("not shown within " + MINUTES + " minutes: " + text + "; but: " + screen, left > 0);
                screen.wait(left);
            }
            seen = screen.indexOf(text, seen) + text.length();
        }
        return this;
    }

    /** Types a line. */
    Keys type(String line) throws IOException {
        process.getOutputStream().write((line + "\r").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return this;
    }

    /** Waits for its end; answers its exit status. */
    int ended() throws InterruptedException {
        assertTrue("not ended: " + this, process.waitFor(MINUTES, TimeUnit.MINUTES));
        return process.exitValue();
    }

    /** What the terminal has shown. */
    @Override
    public String toString() {
        synchronized (screen) {
            return screen.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
