package org.qrm.plugin.xen.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;

/** An operation that remembers what it is told. */
final class Told implements WorkContext {

    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    volatile boolean cancelled;
    volatile double progress;

    @Override
    public Instant deadline() {
        return Instant.now().plusSeconds(600);
    }

    @Override
    public void progress(double fraction, String doing) {
        progress = fraction;
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public void checkpoint() {
        if (cancelled) {
            throw new CancelledException("cancelled");
        }
    }
}
