package org.qrm.login.internal;

import java.util.function.BooleanSupplier;

/** Where the login comes from that this thread is about: JAAS has no word for it. */
final class Peer {

    private static final ThreadLocal<String> ADDRESS = new ThreadLocal<>();

    private Peer() {}

    /** Carries out a login that comes from there. */
    static boolean during(String address, BooleanSupplier login) {
        ADDRESS.set(address);
        try {
            return login.getAsBoolean();
        } finally {
            ADDRESS.remove();
        }
    }

    /** Empty when nobody said. */
    static String address() {
        String address = ADDRESS.get();
        return address == null ? "" : address;
    }
}
