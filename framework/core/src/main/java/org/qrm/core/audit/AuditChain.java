package org.qrm.core.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** How an entry hangs on the one before. */
final class AuditChain {

    private AuditChain() {}

    /**
     * Hash of an entry: SHA-256 over the hash before (of the first: nothing), number, time in milliseconds, user, origin, action, details and
     * result, each in UTF-8 and ended by a line feed, which is in none of them.
     */
    static String hash(
            String previous,
            long id,
            Instant time,
            String user,
            String origin,
            String action,
            String details,
            String result) {
        String text = String.join(
                "\n",
                previous,
                Long.toString(id),
                Long.toString(time.toEpochMilli()),
                user,
                origin,
                action,
                details,
                result,
                "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** At most so many characters, all of which come back from a database as they went in; no control and format characters. */
    static String text(String text, int most) {
        String clean = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        String cut = clean.length() <= most ? clean : clean.substring(0, most - 1) + "…";
        // half a surrogate pair, sent or cut off, would not come back
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
