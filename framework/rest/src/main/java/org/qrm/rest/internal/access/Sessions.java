package org.qrm.rest.internal.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Caller;

/**
 * Who is logged in by cookie. Kept in memory: a restart logs everybody out. Only digests of the secrets are kept. A
 * session ends when it is idle or old, or when its user changes.
 */
@Component(service = Sessions.class)
public final class Sessions {

    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration LONGEST = Duration.ofHours(12);
    static final int MOST = 2000;
    static final int MOST_PER_USER = 20;

    private static final int SECRET_BYTES = 32;
    private static final String MAC = "HmacSHA256";

    private final ApiServices services;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    /** By digest of the secret; the one that was used longest ago comes first. */
    private final Map<String, Session> sessions = new LinkedHashMap<>(64, 0.75f, true);

    private record Session(Caller caller, String userVersion, long begun, long used) {
        Session usedAt(long now) {
            return new Session(caller, userVersion, begun, now);
        }

        boolean isOver(long now) {
            return now - used > IDLE.toMillis() || now - begun > LONGEST.toMillis();
        }
    }

    @Activate
    public Sessions(@Reference ApiServices services) {
        this(services, Clock.systemUTC());
    }

    public Sessions(ApiServices services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, MAC);
    }

    /** Begins a session and returns its secret, 256 random bits as 43 characters. */
    public String open(Caller caller) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String version = services.userVersion(caller.name());
        long now = clock.millis();
        synchronized (sessions) {
            makeRoom(caller.name(), now);
            sessions.put(
                    digest(secret),
                    new Session(
                            new Caller(caller.name(), caller.role(), Caller.Means.SESSION, caller.firstPassword()),
                            version,
                            now,
                            now));
        }
        return secret;
    }

    /** Who has the session, which is thereby used; empty when it is over or was none. */
    Optional<Caller> caller(String secret) {
        String digest = digest(secret);
        Session session;
        long now = clock.millis();
        synchronized (sessions) {
            session = sessions.get(digest);
            if (session != null && session.isOver(now)) {
                sessions.remove(digest);
                session = null;
            }
        }
        if (session == null) {
            return Optional.empty();
        }
        boolean sameUser = session.userVersion.equals(services.userVersion(session.caller.name()));
        Session used = session.usedAt(now);
        synchronized (sessions) {
            // the two looks are apart because the second reads a file; a session closed between stays closed
            sessions.computeIfPresent(digest, (d, present) -> sameUser ? used : null);
        }
        return sameUser ? Optional.of(session.caller) : Optional.empty();
    }

    /** Whether the session goes on; asking is no use of it. */
    boolean isOpen(String secret) {
        String digest = digest(secret);
        Session session;
        synchronized (sessions) {
            // not get(), which would make it the one that was used last
            session = sessions.entrySet().stream()
                    .filter(entry -> entry.getKey().equals(digest))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }
        return session != null
                && !session.isOver(clock.millis())
                && session.userVersion.equals(services.userVersion(session.caller.name()));
    }

    /** Ends the session; nothing happens when there is none. */
    public void close(String secret) {
        synchronized (sessions) {
            sessions.remove(digest(secret));
        }
    }

    /** What proves that a change was asked for by a page that could read the session. Not stored: computed from it. */
    public String csrfToken(String secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return encode(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + MAC, e);
        }
    }

    /** @param token as it came; null when none came */
    boolean isCsrfToken(String secret, String token) {
        return token != null
                && MessageDigest.isEqual(
                        csrfToken(secret).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private void makeRoom(String user, long now) {
        sessions.values().removeIf(session -> session.isOver(now));
        long ofUser = sessions.values().stream()
                .filter(session -> session.caller.name().equals(user))
                .count();
        Iterator<Session> eldestFirst = sessions.values().iterator();
        while (eldestFirst.hasNext() && (ofUser >= MOST_PER_USER || sessions.size() >= MOST)) {
            boolean own = eldestFirst.next().caller.name().equals(user);
            if (own || sessions.size() >= MOST) {
                eldestFirst.remove();
                ofUser -= own ? 1 : 0;
            }
        }
    }

    private static String digest(String secret) {
        try {
            return encode(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
