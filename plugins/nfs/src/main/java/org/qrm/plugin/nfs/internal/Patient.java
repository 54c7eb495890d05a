package org.qrm.plugin.nfs.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;

/**
 * Waits for something long while it heeds the {@link WorkContext}: what it hears meanwhile is dealt with, and a cancel
 * ends it, on the thread that called.
 */
final class Patient implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int MOST_LINES = 10_000;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "qrm-nfs");
        thread.setDaemon(true);
        return thread;
    });

    /** Lines that arrive on another thread. What comes faster than it is dealt with is dropped. */
    static final class Lines {
        private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>(MOST_LINES);

        void add(String line) {
            queue.offer(line);
        }
    }

    /** Deals with a line. */
    interface Heard {
        void line(String line);
    }

    /** Answers what the call answers, or throws what it throws. */
    <T> T await(WorkContext work, Lines lines, Heard heard, Callable<T> call) {
        Future<T> result = threads.submit(call);
        try {
            while (true) {
                try {
                    T value = result.get(200, TimeUnit.MILLISECONDS);
                    deal(lines, heard);
                    return value;
                } catch (TimeoutException notYet) {
                    deal(lines, heard);
                    work.checkpoint();
                }
            }
        } catch (ExecutionException failure) {
            deal(lines, heard);
            throw unwrapped(failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        } finally {
            result.cancel(true);
        }
    }

    <T> Future<T> start(Callable<T> work) {
        return threads.submit(work);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** How long one remote command may take. */
    static Duration timeLeft(WorkContext work) {
        Duration left = Duration.between(Instant.now(), work.deadline());
        if (left.compareTo(Duration.ofSeconds(1)) < 0) {
            work.checkpoint();
            return Duration.ofSeconds(1);
        }
        return left.compareTo(LONGEST) > 0 ? LONGEST : left;
    }

    private static void deal(Lines lines, Heard heard) {
        for (String line = lines.queue.poll(); line != null; line = lines.queue.poll()) {
            heard.line(line);
        }
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        if (failure.getCause() instanceof RuntimeException cause) {
            return cause;
        }
        return new IllegalStateException(failure.getCause());
    }
}
