package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps dnsmasq running as it is wanted: starts it, starts it again when it fails, with growing pauses, and ends it. All
 * of that happens on one thread, which lives as long as its child: the kernel ends the child when this thread ends
 * (prctl(2), PR_SET_PDEATHSIG).
 */
final class Supervisor implements AutoCloseable {

    /** Hears of changes; of a start that is refused again and again for the same reason once. */
    interface Observer {
        void running();

        void failed(String reason);
    }

    /** Where it stands. */
    enum State {
        OFF,
        STARTING,
        RUNNING,
        FAILED
    }

    /**
     * What is said about where it stands.
     *
     * @param pid of the child while RUNNING, else 0
     */
    record Status(State state, String reason, long pid) {}

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final Starter starter;
    private final Observer observer;
    private final Duration firstPause;
    private final Duration longestPause;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private NetworkSettings wanted = NetworkSettings.NONE;
    private long wantedVersion;
    private boolean closed;
    private Status status = new Status(State.OFF, "", 0);
    private String lastReason = "";

    Supervisor(Starter starter, Observer observer, Duration firstPause, Duration longestPause) {
        this.starter = starter;
        this.observer = observer;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.thread = new Thread(this::run, "qrm-dnsmasq");
        thread.setDaemon(true);
        thread.start();
    }

    /** Changes what is wanted; a child that runs otherwise is ended. Returns at once. */
    void want(NetworkSettings settings) {
        locked(() -> {
            if (!settings.equals(wanted)) {
                wanted = settings;
                wantedVersion++;
                status = new Status(State.STARTING, "", 0);
                changed.signalAll();
            }
        });
    }

    Status status() {
        lock.lock();
        try {
            return status;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the child and waits for that. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            wantedVersion++;
            changed.signalAll();
        });
        try {
            thread.join(TimeUnit.SECONDS.toMillis(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the child and waits for that; another may be wanted later. */
    void off() throws InterruptedException {
        want(NetworkSettings.NONE);
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(15);
            while (status.state() != State.OFF && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Duration pause = firstPause;
        long version = -1;
        while (true) {
            NetworkSettings settings;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                if (version != wantedVersion) {
                    pause = firstPause;
                }
                version = wantedVersion;
                settings = wanted;
            } finally {
                lock.unlock();
            }
            if (settings.mode() == NetworkSettings.Mode.OFF) {
                lastReason = "";
                become(version, new Status(State.OFF, "", 0));
                awaitChange(version, Duration.ofDays(1));
                continue;
            }
            long began = System.nanoTime();
            fail(version, keepRunning(version, settings));
            boolean steady = System.nanoTime() - began > STEADY.toNanos();
            pause = steady ? firstPause : pause;
            awaitChange(version, pause);
            pause = pause.multipliedBy(2).compareTo(longestPause) > 0 ? longestPause : pause.multipliedBy(2);
        }
    }

    /** Runs a child until it ends or something else is wanted. Returns why it ended, empty when it was ended. */
    private String keepRunning(long version, NetworkSettings settings) {
        try {
            Child child = starter.start(settings);
            try {
                child.onExit().thenRun(() -> locked(changed::signalAll));
                lastReason = "";
                become(version, new Status(State.RUNNING, "", child.pid()));
                observer.running();
                awaitEnd(version, child);
                return child.alive() ? "" : child.lastWords();
            } finally {
                child.stop();
                starter.ended();
            }
        } catch (QrmException e) {
            return e.problem().sentence();
        } catch (IOException e) {
            return "Cannot start dnsmasq: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (RuntimeException e) {
            LOG.error("Supervising dnsmasq failed", e);
            return "Supervising dnsmasq failed: " + e;
        }
    }

    private void fail(long version, String reason) {
        if (reason.isEmpty()) {
            return;
        }
        become(version, new Status(State.FAILED, reason, 0));
        if (!reason.equals(lastReason)) {
            lastReason = reason;
            observer.failed(reason);
        }
    }

    private void become(long version, Status now) {
        locked(() -> {
            if (version == wantedVersion) {
                status = now;
                changed.signalAll();
            }
        });
    }

    private void awaitEnd(long version, Child child) throws InterruptedException {
        lock.lock();
        try {
            while (version == wantedVersion && child.alive()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(long version, Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (version == wantedVersion && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
