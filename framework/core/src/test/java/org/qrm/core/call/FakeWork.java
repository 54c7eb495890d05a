package org.qrm.core.call;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;

/** A context that a test cancels. */
public final class FakeWork implements WorkContext {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;

    public void cancel() {
        cancelled = true;
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    public Instant deadline() {
        return Instant.MAX;
    }

    @Override
    public void progress(double fraction, String doing) {}

    @Override
    public void log(String line) {
        lines.add(line);
    }

    @Override
    public void checkpoint() {
        if (cancelled) {
            throw new CancelledException("cancelled");
        }
    }
}
