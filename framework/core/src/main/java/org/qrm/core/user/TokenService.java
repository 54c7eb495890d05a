package org.qrm.core.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Role;
import org.qrm.api.user.Token;
import org.qrm.api.user.TokenField;
import org.qrm.api.user.Tokens;
import org.qrm.core.store.Column;
import org.qrm.core.store.Database;
import org.qrm.core.store.Listing;
import org.qrm.core.store.StaleException;

/** Tokens over their table. */
public final class TokenService implements Tokens {

    private static final Duration LONGEST = Duration.ofDays(3653);
    private static final Duration SHORTEST = Duration.ofDays(1);
    private static final int MOST_PER_USER = 100;
    private static final int SECRET_BYTES = 32;
    private static final int LONGEST_SECRET = 100;
    private static final int MOST_SEEN = 1000;

    private static final RowMapper<Token> TOKEN = (row, context) -> new Token(
            row.getLong("id"),
            row.getString("name"),
            row.getString("user_name"),
            Role.valueOf(row.getString("role")),
            Instant.ofEpochMilli(row.getLong("created")),
            Instant.ofEpochMilli(row.getLong("expires")));

    private static final Listing<Token, TokenField> LISTING =
            new Listing<>("api_token", TOKEN, TokenField.ID, TokenService::column);

    private final Database database;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Digests of tokens that were good lately. */
    private final Map<String, Boolean> seen = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_SEEN;
        }
    });

    public TokenService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Page<Token> list(Filter<TokenField> filter, Sort<TokenField> sort, PageRequest page) {
        return database.read(handle -> LISTING.page(handle, filter, sort, page));
    }

    private static Column<Token> column(TokenField field) {
        return switch (field) {
            case ID -> Column.number("id", Token::id);
            case NAME -> Column.text("name", Token::name);
            case USER -> Column.text("user_name", Token::user);
            case ROLE -> Column.text("role", token -> token.role().name());
            case EXPIRES -> Column.number("expires", token -> token.expires().toEpochMilli());
        };
    }

    @Override
    public Optional<Token> find(long id) {
        return database.read(handle -> find(handle, id));
    }

    private static Optional<Token> find(Handle handle, long id) {
        return handle.createQuery("select * from api_token where id = :id")
                .bind("id", id)
                .map(TOKEN)
                .findOne();
    }

    @Override
    public NewToken create(String name, String user, Role role, Duration lifetime) {
        Name.checked("create token", "token", name);
        if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
            throw QrmException.invalid(
                    "create token", name, "it would last " + lifetime.toDays() + " days", "Choose 1 to 3653 days.");
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = "qrm_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = Instant.ofEpochMilli(clock.millis());
        Instant expires = now.plus(lifetime);
        long id = database.change(change -> {
            change.handle()
                    .execute("delete from api_token where user_name = ? and expires <= ?", user, now.toEpochMilli());
            long present = change.handle()
                    .createQuery("select count(*) from api_token where user_name = :user")
                    .bind("user", user)
                    .mapTo(Long.class)
                    .one();
            if (present >= MOST_PER_USER) {
                throw QrmException.refused(
                        "create token", name, user + " has " + present + " tokens", "Revoke some first.");
            }
            return change.handle()
                    .createUpdate("insert into api_token (name, user_name, role, digest, created, expires)"
                            + " values (:name, :user, :role, :digest, :created, :expires)")
                    .bind("name", name)
                    .bind("user", user)
                    .bind("role", role.name())
                    .bind("digest", digest(secret))
                    .bind("created", now.toEpochMilli())
                    .bind("expires", expires.toEpochMilli())
                    .executeAndReturnGeneratedKeys()
                    .mapTo(Long.class)
                    .one();
        });
        return new NewToken(new Token(id, name, user, role, now, expires), secret);
    }

    @Override
    public Optional<Token> verify(String secret) {
        if (secret.length() > LONGEST_SECRET) {
            return Optional.empty();
        }
        String digest = digest(secret);
        // whoever invents some keeps nobody waiting who has one
        Optional<Token> found = seen.containsKey(digest) ? find(digest) : database.forStranger(() -> find(digest));
        if (found.isPresent()) {
            seen.put(digest, true);
        } else {
            seen.remove(digest);
        }
        return found.filter(token -> clock.instant().isBefore(token.expires()));
    }

    private Optional<Token> find(String digest) {
        return database.read(handle -> handle.createQuery("select * from api_token where digest = :digest")
                .bind("digest", digest)
                .map(TOKEN)
                .findOne());
    }

    @Override
    public void revoke(long id, Expected<Token> expected) {
        database.change(change -> {
            Token before = find(change.handle(), id)
                    .orElseThrow(() -> QrmException.notFound("revoke token", "token", String.valueOf(id)));
            // a token is made and revoked, never changed
            expected.check(before);
            StaleException.unless(change.handle().execute("delete from api_token where id = ?", id) == 1);
            return null;
        });
    }

    @Override
    public void revokeAll(String user) {
        database.change(change -> change.handle().execute("delete from api_token where user_name = ?", user));
    }

    private static String digest(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
