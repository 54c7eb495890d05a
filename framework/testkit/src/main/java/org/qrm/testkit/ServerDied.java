package org.qrm.testkit;

/** Thrown by {@link TestWork} in place of a server that is killed in the middle of a call: nobody is to catch it. */
public final class ServerDied extends Error {

    private static final long serialVersionUID = 1L;

    ServerDied(int touch) {
        super("the server is killed when the call uses its context for the " + touch + ". time");
    }
}
