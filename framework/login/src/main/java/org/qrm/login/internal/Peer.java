package org.qrm.login.internal;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Who stands before the login that this thread is about: JAAS has no word for where that is, nor for what to tell them. */
final class Peer {

    private static final ThreadLocal<Peer> PRESENT = new ThreadLocal<>();

    private final String address;
    private final Consumer<String> ear;

    private Peer(String address, Consumer<String> ear) {
        this.address = address;
        this.ear = ear;
    }

    /**
     * Carries out a login that comes from there.
     *
     * @param ear takes a sentence for whoever wants to log in
     */
    static boolean during(String address, Consumer<String> ear, BooleanSupplier login) {
        PRESENT.set(new Peer(address, ear));
        try {
            return login.getAsBoolean();
        } finally {
            PRESENT.remove();
        }
    }

    /** Empty when nobody said. */
    static String address() {
        Peer peer = PRESENT.get();
        return peer == null ? "" : peer.address;
    }

    /** Tells them, where that can be done. */
    static void tell(String sentence) {
        Peer peer = PRESENT.get();
        if (peer != null) {
            peer.ear.accept(sentence);
        }
    }
}
