package org.qrm.rest.internal.http;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.qrm.commands.Json;
import org.qrm.commands.Restless;

/** The entity tag (RFC 9110, 8.8.3) of what is answered: another one after each change. */
public final class EntityTag {

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
