package org.qrm.commands.line;

import java.time.Duration;

/** Wakes who waits for something to happen at the server. */
public interface Happenings extends AutoCloseable {

    /** Returns when something has happened since the last call, or after so long. */
    void await(Duration atMost) throws InterruptedException;

    @Override
    void close();
}
