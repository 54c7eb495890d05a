package org.qrm.core.pluginfile;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does what may run code of a plug-in, each on a thread of its own, so that what does not return holds up nobody else. What has not
 * returned is kept in mind.
 */
final class Aside {

    /** How the threads are called: a bundle that stops or goes on one of them was not stopped by hand. */
    static final String THREADS = "qrm-plugin-files-";

    /** Beyond so many that have not returned, nothing is started any more. */
    static final int MOST = 16;

    private final Runnable over;
    private final Set<Run> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();

    /** What is done aside; may throw whatever it likes. */
    interface Task {
        void run() throws Exception;
    }

    /** Something that was begun. */
    static final class Run {
        /** Null when it was refused. */
        private volatile Thread thread;

        private final long began = System.nanoTime();
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile Throwable failure;

        boolean isOver() {
            return end.getCount() == 0;
        }

        boolean hasFailed() {
            return isOver() && failure != null;
        }

        /** Waits for its end, at most so long. Says whether that has come. */
        boolean await(Duration limit) {
            try {
                return end.await(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return isOver();
            }
        }

        /** Asks it to end. */
        void interrupt() {
            Thread at = thread;
            if (at != null && !isOver()) {
                at.interrupt();
            }
        }

        long seconds() {
            return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        }

        /** What it threw, without a full stop. */
        String reason() {
            return Aside.reason(failure);
        }

        /** Where in its code it is. */
        String where() {
            Thread its = thread;
            for (StackTraceElement at : its == null ? new StackTraceElement[0] : its.getStackTrace()) {
                if (!at.getClassName().matches("(java|javax|jdk|sun)\\..*")) {
                    return at.getClassName() + "." + at.getMethodName() + ":" + at.getLineNumber();
                }
            }
            return "the JDK";
        }
    }

    /** @param over hears of each end, on the thread of what has ended */
    Aside(Runnable over) {
        this.over = over;
    }

    static String reason(Throwable failed) {
        String message = String.valueOf(failed.getMessage()).replaceFirst("[.\\s]+$", "");
        return failed.getCause() == null ? message : message + " (" + failed.getCause() + ")";
    }

    /** Begins it, unless too much has not returned: then it has failed. */
    Run beginIfFew(Task task) {
        int stuck = underWay.size();
        if (stuck < MOST) {
            return begin(task);
        }
        Run refused = new Run();
        refused.failure = new IllegalStateException(
                stuck + " starts and stops of other bundles have not returned; only a restart of the server ends them");
        refused.end.countDown();
        return refused;
    }

    Run begin(Task task) {
        Run run = new Run();
        Thread thread = new Thread(() -> carryOut(run, task), THREADS + number.incrementAndGet());
        thread.setDaemon(true);
        run.thread = thread;
        underWay.add(run);
        thread.start();
        return run;
    }

    private void carryOut(Run run, Task task) {
        try {
            task.run();
        } catch (Throwable failed) { // whatever a plug-in throws, a StackOverflowError too, is its reason
            run.failure = failed;
        } finally {
            underWay.remove(run);
            run.end.countDown();
            over.run();
        }
    }

    /** Asks all that is under way to end. */
    void interruptAll() {
        underWay.forEach(Run::interrupt);
    }
}
