package org.qrm.plugin.xen.internal;

import java.time.Duration;
import java.time.Instant;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;

/** A call that nobody listens to: it only has an end. */
final class BoundedWork implements WorkContext {

    private final Instant deadline;

    BoundedWork(Duration atMost) {
        this.deadline = Instant.now().plus(atMost);
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void progress(double fraction, String doing) {
        // nobody listens
    }

    @Override
    public void log(String line) {
        // nobody listens
    }

    @Override
    public void checkpoint() {
        if (!Instant.now().isBefore(deadline)) {
            throw new CancelledException("the time is over");
        }
    }
}
