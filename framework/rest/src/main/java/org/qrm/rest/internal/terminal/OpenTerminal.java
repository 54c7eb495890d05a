package org.qrm.rest.internal.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.user.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One person's terminal: a shell on a machine, or a partition's console. What it writes is held until its reader has it;
 * a reader that is slower makes the machine wait.
 */
public final class OpenTerminal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenTerminal.class);
    private static final int MOST_HELD = 256 * 1024;
    private static final int MOST_AT_ONCE = 64 * 1024;
    /** Requests whose keys the machine has not taken yet. */
    private static final int MOST_WAITING = 64;

    private final long id;
    private final Opening opening;
    private final Terminal far;
    private final BlockingQueue<byte[]> typed = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread typist;
    private final byte[] held = new byte[MOST_HELD];
    private int length;
    private long start;
    private boolean ended;
    private long lastRead = System.nanoTime();
    private long lastTyped = System.nanoTime();

    /**
     * Who opens what.
     *
     * @param user the opener, whose alone it is
     * @param role what the opener has to have, at the opening and ever after
     * @param resource the machine, or the partition
     */
    public record Opening(String user, Role role, long resource) {}

    /**
     * What it wrote.
     *
     * @param from number of the first byte, counted from the beginning
     * @param ended whether nothing follows
     */
    public record Output(long from, byte[] bytes, boolean ended) {}

    OpenTerminal(long id, Opening opening, Terminal far) {
        this.id = id;
        this.opening = opening;
        this.far = far;
        typist = started(this::passKeysOn, "qrm-terminal-keys-" + id);
        started(this::pump, "qrm-terminal-" + id);
    }

    private static Thread started(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    public long id() {
        return id;
    }

    /** The machine, or the partition. */
    public long resource() {
        return opening.resource;
    }

    String user() {
        return opening.user;
    }

    Role role() {
        return opening.role;
    }

    public void resize(TerminalSize size) {
        far.resize(size);
    }

    /**
     * Waits until there is something.
     *
     * @param from number of the first byte that is wanted; all before are read, and forgotten
     */
    public synchronized Output read(long from, Duration patience) throws InterruptedException {
        forget(from);
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis(); length == 0 && !ended && left > 0; ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        lastRead = System.nanoTime();
        int size = Math.min(length, MOST_AT_ONCE);
        return new Output(start, Arrays.copyOf(held, size), ended && size == length);
    }

    private void forget(long from) {
        int read = (int) Math.max(0, Math.min(length, from - start));
        System.arraycopy(held, read, held, 0, length - read);
        length -= read;
        start += read;
        lastRead = System.nanoTime();
        notifyAll();
    }

    /** @throws QrmException CONFLICT when it has ended, or takes no keys for long */
    public void type(String text) {
        synchronized (this) {
            lastTyped = System.nanoTime();
            if (ended) {
                throw refused("what ran there has ended, or the machine is gone", "Open another one.");
            }
        }
        if (!typed.offer(text.getBytes(StandardCharsets.UTF_8))) {
            throw refused("the machine takes no keys", "Wait a little, or open another one.");
        }
    }

    private QrmException refused(String reason, String remedy) {
        return new QrmException(
                new Problem(Problem.Kind.CONFLICT, "type at terminal", Long.toString(id), reason, remedy));
    }

    private void passKeysOn() {
        try {
            while (true) {
                far.input().write(typed.take());
                far.input().flush();
            }
        } catch (IOException gone) {
            LOG.debug("Terminal {} takes no keys any more: {}", id, gone.toString());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nobody has read from it, or typed at it, for so long. */
    synchronized boolean isLeft(Duration unread, Duration untyped) {
        long now = System.nanoTime();
        return now - lastRead > unread.toNanos() || now - lastTyped > untyped.toNanos();
    }

    private void pump() {
        byte[] bytes = new byte[8192];
        try (InputStream out = far.output()) {
            for (int n = out.read(bytes); n >= 0; n = out.read(bytes)) {
                hold(bytes, n);
            }
        } catch (IOException gone) {
            LOG.debug("Terminal {} ends: {}", id, gone.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        typist.interrupt();
    }

    private synchronized void hold(byte[] bytes, int count) throws InterruptedException {
        while (length + count > MOST_HELD && !ended) {
            wait();
        }
        if (!ended) {
            System.arraycopy(bytes, 0, held, length, count);
            length += count;
            notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        typist.interrupt();
        far.close();
    }
}
