package org.qrm.login.internal;

import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/** Whom to trust as the directory. JNDI takes no object for that, only the name of a class with {@link #getDefault}. */
public final class DirectoryTls {

    private static final ThreadLocal<SSLSocketFactory> OF_THIS_THREAD = new ThreadLocal<>();

    private DirectoryTls() {}

    /** What JNDI opens the connections of this thread with. */
    public static SocketFactory getDefault() {
        return OF_THIS_THREAD.get();
    }

    static void use(SSLSocketFactory sockets) {
        OF_THIS_THREAD.set(sockets);
    }

    static void forget() {
        OF_THIS_THREAD.remove();
    }
}
