package org.qrm.core.request;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.request.RequestKeys;
import org.qrm.core.store.Database;

/** Keys of requests over their table. */
public final class RequestKeyService implements RequestKeys {

    private static final Duration AGE = Duration.ofDays(1);
    private static final String ONE = " where user_name = :user and request_key = :key";

    private final Database database;
    private final Clock clock;

    private record Known(String fingerprint, Integer status, String location) {}

    public RequestKeyService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Optional<Outcome> begin(String user, String key, String fingerprint) {
        try {
            database.change(change -> change.handle()
                    .createUpdate("insert into request_key (user_name, request_key, fingerprint, begun)"
                            + " values (:user, :key, :fingerprint, :begun)")
                    .bind("user", user)
                    .bind("key", key)
                    .bind("fingerprint", fingerprint)
                    .bind("begun", clock.millis())
                    .execute());
            return Optional.empty();
        } catch (RuntimeException failed) {
            if (!Database.isConstraint(failed)) {
                throw failed;
            }
        }
        return Optional.of(outcome(key, find(user, key), fingerprint));
    }

    private static Outcome outcome(String key, Optional<Known> found, String fingerprint) {
        Known known = found.orElseThrow(
                () -> conflict(key, "the same request was refused at this moment", "Ask again, if it is to be done."));
        if (!known.fingerprint.equals(fingerprint)) {
            throw conflict(key, "the key was given to another request before", "Give each request a key of its own.");
        }
        if (known.status == null) {
            throw conflict(
                    key,
                    "the same request was begun before, and its end was not noted",
                    "Look whether it was done; if it was not, ask with another key.");
        }
        return new Outcome(known.status, known.location);
    }

    private static QrmException conflict(String key, String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.CONFLICT, "serve the request", key, reason, remedy));
    }

    private Optional<Known> find(String user, String key) {
        return database.read(handle -> handle.createQuery("select fingerprint, status, location from request_key" + ONE)
                .bind("user", user)
                .bind("key", key)
                .map((row, context) -> new Known(
                        row.getString("fingerprint"),
                        row.getObject("status", Integer.class),
                        row.getString("location")))
                .findOne());
    }

    @Override
    public void end(String user, String key, Outcome outcome) {
        database.change(change -> change.handle()
                .createUpdate("update request_key set status = :status, location = :location" + ONE)
                .bind("status", outcome.status())
                .bind("location", outcome.location())
                .bind("user", user)
                .bind("key", key)
                .execute());
    }

    @Override
    public void forget(String user, String key) {
        database.change(change -> change.handle()
                .createUpdate("delete from request_key" + ONE)
                .bind("user", user)
                .bind("key", key)
                .execute());
    }

    /** Forgets what is older than a day. */
    public void forgetOld() {
        long oldest = clock.instant().minus(AGE).toEpochMilli();
        database.change(change -> change.handle()
                .createUpdate("delete from request_key where begun < :oldest")
                .bind("oldest", oldest)
                .execute());
    }
}
