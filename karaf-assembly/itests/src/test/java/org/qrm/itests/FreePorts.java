package org.qrm.itests;

import java.io.IOException;
import java.net.ServerSocket;

/**
 * Ports for servers that a test starts some seconds later. They are below those that the kernel gives to connections
 * (ip_local_port_range, 32768 on), which would take one meanwhile; each process of the tests has a thousand of its own.
 */
public final class FreePorts {

    private static final int FIRST = Integer.getInteger("firstPort", 20_000);
    private static final int EACH = 1_000;

    private static int given;

    private FreePorts() {}

    /** One that nobody listens on, and that was not given before unless a thousand were. */
    public static synchronized int next() throws IOException {
        for (int tried = 0; tried < EACH; tried++) {
            int port = FIRST + given++ % EACH;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port is free from " + FIRST + " on");
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
