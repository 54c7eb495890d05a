package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command on a channel of its own. */
final class RunningCommand implements RemoteCommands.Session {

    private static final Logger LOG = LoggerFactory.getLogger(RunningCommand.class);

    /** After the end of a command its last lines may still be on their way to a slow listener. */
    private static final Duration LAST_LINES = Duration.ofSeconds(5);

    /** A shell reports a command that a signal ended as 128 and the signal's number (POSIX, 2.8.2). */
    private static final Map<String, Integer> SIGNALS =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "ABRT", 6, "KILL", 9, "SEGV", 11, "PIPE", 13, "ALRM", 14, "TERM", 15);

    private final SshHost host;
    private final String doing;
    private final Duration timeLimit;
    private final long end;
    private final ChannelExec channel;
    private final StartMark mark;
    private final InputStream output;
    private final ErrorLines errors;
    private final LongConsumer ending;
    private final Workers workers;
    private final Future<?> errorPump;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean overTime;

    /**
     * @param mark before its output, or null
     * @param lease released when the command has ended
     * @param ending ends the process group of that number
     */
    RunningCommand(
            SshHost host,
            String doing,
            Duration timeLimit,
            ChannelExec channel,
            StartMark mark,
            ErrorLines errors,
            Connections.Lease lease,
            LongConsumer ending,
            Workers workers) {
        this.host = host;
        this.doing = doing;
        this.timeLimit = timeLimit;
        this.end = System.nanoTime() + timeLimit.toNanos();
        this.channel = channel;
        this.mark = mark;
        this.output = channel.getInvertedOut() == null || mark == null
                ? channel.getInvertedOut()
                : mark.restOf(channel.getInvertedOut());
        this.errors = errors;
        this.ending = ending;
        this.workers = workers;
        this.errorPump = workers.start("ssh-errors", this::readErrors);
        Future<?> alarm = workers.after(timeLimit, this::stopForTime);
        channel.addCloseFutureListener(future -> {
            alarm.cancel(false);
            lease.release();
            closed.complete(null);
        });
    }

    @Override
    public OutputStream input() {
        return channel.getInvertedIn();
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public int await() throws InterruptedException {
        try {
            closed.get(Math.max(0, end - System.nanoTime()) + LAST_LINES.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            stop();
            throw interrupt;
        } catch (ExecutionException | TimeoutException hanging) {
            stopForTime();
        }
        lastLines();
        int status = status();
        if (mark != null && !started()) {
            throw SshProblems.notStarted(host, doing, status, mark.before() + errorTail());
        }
        return status;
    }

    @Override
    public void close() {
        stop();
    }

    /** What it said last on standard error. */
    String errorTail() {
        return errors.tail();
    }

    private boolean started() {
        if (output instanceof StartMark.Rest unread) {
            try {
                unread.begin();
            } catch (IOException ended) {
                LOG.debug("Nothing is left to read of {} on {}", doing, SshProblems.place(host), ended);
            }
        }
        return mark.seen();
    }

    private int status() {
        if (overTime) {
            throw SshProblems.overTime(host, doing, timeLimit, lastLine());
        }
        if (channel.getExitStatus() != null) {
            return channel.getExitStatus() & 0xff;
        }
        if (channel.getExitSignal() != null) {
            return 128 + SIGNALS.getOrDefault(channel.getExitSignal(), 0);
        }
        throw SshProblems.lost(host, doing);
    }

    private String lastLine() {
        String[] lines = errorTail().strip().split("[\r\n]+");
        return lines[lines.length - 1];
    }

    private void stopForTime() {
        if (!closed.isDone()) {
            overTime = true;
            stop();
        }
    }

    private void stop() {
        if (closed.isDone() || !stopping.compareAndSet(false, true)) {
            return;
        }
        long group = errors.group();
        if (group > 1) {
            workers.start("end", () -> ending.accept(group));
        }
        signal();
        channel.close(false).addListener(future -> closed.complete(null));
    }

    /** RFC 4254, 6.9; OpenSSH ignores it for root, others do not. */
    private void signal() {
        try {
            Buffer signal = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
            signal.putUInt(channel.getRecipient());
            signal.putString("signal");
            signal.putBoolean(false);
            signal.putString("TERM");
            channel.writePacket(signal);
        } catch (IOException gone) {
            LOG.debug("{} on {} has gone already", doing, SshProblems.place(host), gone);
        }
    }

    private void lastLines() throws InterruptedException {
        try {
            errorPump.get(LAST_LINES.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException slow) {
            LOG.debug("Nobody reads the last lines of {} on {}", doing, SshProblems.place(host), slow);
        }
    }

    private void readErrors() {
        byte[] bytes = new byte[8192];
        try (InputStream in = channel.getInvertedErr()) {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                errors.add(bytes, n);
            }
        } catch (IOException ended) {
            LOG.debug("Standard error of {} on {} ended", doing, SshProblems.place(host), ended);
        }
        errors.end();
    }
}
