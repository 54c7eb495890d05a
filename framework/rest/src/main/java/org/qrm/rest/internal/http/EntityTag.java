package org.qrm.rest.internal.http;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The entity tag (RFC 9110, 8.8.3) of what is answered: another one after each change. */
public final class EntityTag {

    /** An answer of which some fields change all the time by themselves, which is no change to tell by the tag. */
    public interface Restless {
        /** The same without those fields. */
        Object calm();
    }

    private EntityTag() {}

    /** {@code "…"}, with the quotes. */
    public static String of(Object body) throws IOException {
        Object told = body instanceof Restless restless ? restless.calm() : body;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Json.bytes(told));
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
