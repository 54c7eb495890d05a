package org.qrm.rest.internal.http;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import javax.servlet.http.HttpServletRequest;
import org.qrm.commands.Json;
import org.qrm.commands.Restless;

/** The entity tag (RFC 9110, 8.8.3) of what is answered: another one after each change. */
public final class EntityTag {

    private EntityTag() {}

    /** {@code "…"}, with the quotes: what a change of it names. */
    public static String of(Object body) throws IOException {
        return hash(Json.bytes(body instanceof Restless restless ? restless.calm() : body));
    }

    /** {@code W/"…"}, of an answer as it is read: it may be compressed on its way. */
    public static String weak(byte[] answer) {
        return "W/" + hash(answer);
    }

    /** Whether who asks has that answer already: compared weakly, as RFC 9110, 13.1.2, has it. */
    public static boolean isKnown(String tag, HttpServletRequest request) {
        String opaque = tag.substring(tag.indexOf('"'));
        return Collections.list(request.getHeaders("If-None-Match")).stream()
                .anyMatch(header -> header.contains(opaque) || header.strip().equals("*"));
    }

    private static String hash(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
