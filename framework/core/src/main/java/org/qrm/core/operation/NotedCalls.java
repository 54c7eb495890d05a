package org.qrm.core.operation;

import org.qrm.api.QrmException;

/** Remembers the calls that it makes beyond the end of the server, so that a plug-in which ends the server does so a few times only. */
public interface NotedCalls {

    /**
     * Before each call.
     *
     * @param who the plug-in or the service, {@code plug-in xen}
     * @throws QrmException when the server has ended in this call too often: it is not to be made again
     */
    void calling(String who);

    /** The call has returned, or was left by the server while it was at work. */
    void called(String who);
}
