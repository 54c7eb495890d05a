package org.qrm.login.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.qrm.api.user.User;

/**
 * Remembers for a minute who logged in, so that not every request of a page costs a password check. Holds no password:
 * the keys are keyed hashes, and their key lives as long as this object.
 */
final class VerifiedCredentials {

    static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST = 1000;

    private final SecretKeySpec key;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > MOST;
        }
    };

    /**
     * What somebody gave.
     *
     * @param userVersion of the user as it was before the password was checked
     * @param account whose failures are counted: a password that was right elsewhere is no answer to a guess here
     */
    record Credentials(String user, String password, String userVersion, String account) {}

    private record Entry(User user, long until) {}

    VerifiedCredentials(InstantSource clock) {
        this.clock = clock;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    Optional<User> find(Credentials credentials) {
        String hash = hash(credentials);
        synchronized (entries) {
            Entry entry = entries.get(hash);
            if (entry != null && entry.until < clock.millis()) {
                entries.remove(hash);
                entry = null;
            }
            return Optional.ofNullable(entry).map(Entry::user);
        }
    }

    void remember(Credentials credentials, User user) {
        String hash = hash(credentials);
        synchronized (entries) {
            entries.remove(hash);
            entries.put(hash, new Entry(user, clock.millis() + REMEMBERED.toMillis()));
        }
    }

    private String hash(Credentials credentials) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(credentials.user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(credentials.userVersion.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(credentials.account.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(credentials.password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
