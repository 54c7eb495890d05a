package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;

/** Starts what the supervisor keeps running. */
interface Starter {

    /**
     * Starts it. Called on a thread that lives at least as long as the child.
     *
     * @throws org.qrm.api.QrmException why it must not start, for people
     * @throws IOException when it cannot be started
     */
    Child start(NetworkSettings settings) throws IOException;

    /** Called when the child has ended. */
    void ended() throws IOException;
}
