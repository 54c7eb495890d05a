package org.qrm.core.node;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/** Random secrets and their digests. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private Secrets() {}

    /** 32 random bytes. */
    static byte[] random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** A new secret that fits in a header: 43 characters of base64url. */
    static String token() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random());
    }

    /** SHA-256 in hexadecimal: what is stored of a random token. */
    static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** The key of that name that all servers of the database share; made when it is first asked for. */
    static byte[] shared(Database database, String name) {
        try {
            return database.change(change -> find(change, name).orElseGet(() -> make(change, name)));
        } catch (RuntimeException raced) {
            if (!Database.isConstraint(raced)) {
                throw raced;
            }
            return database.change(change -> find(change, name).orElseThrow());
        }
    }

    private static Optional<byte[]> find(Change change, String name) {
        return change.handle()
                .createQuery("select content from secret where name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne()
                .map(Base64.getDecoder()::decode);
    }

    private static byte[] make(Change change, String name) {
        byte[] secret = random();
        change.handle()
                .execute(
                        "insert into secret (name, content) values (?, ?)",
                        name,
                        Base64.getEncoder().encodeToString(secret));
        return secret;
    }
}
