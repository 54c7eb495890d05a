package org.qrm.login.internal;

import java.security.PublicKey;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Who stands before the login that this thread is about: JAAS has no word for where that is, nor for what to tell them. */
final class Peer {

    private static final ThreadLocal<Peer> PRESENT = new ThreadLocal<>();

    private final String address;
    private final Consumer<String> ear;
    private final PublicKey key;

    private Peer(String address, Consumer<String> ear, PublicKey key) {
        this.address = address;
        this.ear = ear;
        this.key = key;
    }

    /**
     * Carries out a login that comes from there.
     *
     * @param ear takes a sentence for whoever wants to log in
     */
    static boolean during(String address, Consumer<String> ear, BooleanSupplier login) {
        return during(new Peer(address, ear, null), login);
    }

    /** The same, of one who says to have that key, which Karaf lets prove afterwards. */
    static boolean offering(PublicKey key, String address, BooleanSupplier login) {
        return during(new Peer(address, sentence -> {}, key), login);
    }

    private static boolean during(Peer peer, BooleanSupplier login) {
        PRESENT.set(peer);
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

    /** Empty for who comes by password. */
    static Optional<PublicKey> key() {
        return Optional.ofNullable(PRESENT.get()).map(peer -> peer.key);
    }

    /** Tells them, where that can be done. */
    static void tell(String sentence) {
        Peer peer = PRESENT.get();
        if (peer != null) {
            peer.ear.accept(sentence);
        }
    }
}
