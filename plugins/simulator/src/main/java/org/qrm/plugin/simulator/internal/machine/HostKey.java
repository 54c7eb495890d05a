package org.qrm.plugin.simulator.internal.machine;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Public SSH host keys (RFC 5656, 3.1); nobody listens with the private ones. */
final class HostKey {

    private static final String TYPE = "ecdsa-sha2-nistp256";
    private static final int COORDINATE = 32;

    private HostKey() {}

    /** A fresh one: {@code ecdsa-sha2-nistp256 AAAA…}. */
    static String generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return text((ECPublicKey) generator.generateKeyPair().getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java knows no P-256", e);
        }
    }

    private static String text(ECPublicKey key) {
        ByteArrayOutputStream point = new ByteArrayOutputStream();
        point.write(4);
        point.writeBytes(coordinate(key.getW().getAffineX()));
        point.writeBytes(coordinate(key.getW().getAffineY()));
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        putString(blob, TYPE.getBytes(StandardCharsets.US_ASCII));
        putString(blob, "nistp256".getBytes(StandardCharsets.US_ASCII));
        putString(blob, point.toByteArray());
        return TYPE + " " + Base64.getEncoder().encodeToString(blob.toByteArray());
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[COORDINATE];
        int count = Math.min(COORDINATE, bytes.length);
        System.arraycopy(bytes, bytes.length - count, padded, COORDINATE - count, count);
        return padded;
    }

    private static void putString(ByteArrayOutputStream blob, byte[] bytes) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            blob.write(bytes.length >> shift);
        }
        blob.writeBytes(bytes);
    }
}
