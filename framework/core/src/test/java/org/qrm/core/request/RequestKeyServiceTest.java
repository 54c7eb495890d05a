package org.qrm.core.request;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.request.RequestKeys.Outcome;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class RequestKeyServiceTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private Database database;
    private RequestKeyService keys;

    @Before
    public void open() {
        database = TestDatabase.open(kind.freshUrl());
        keys = at(NOW);
    }

    private RequestKeyService at(Instant now) {
        return new RequestKeyService(database, Clock.fixed(now, ZoneOffset.UTC));
    }

    @After
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void remembersHowARequestEnded() {
        Outcome outcome = new Outcome(202, "/operations/7");
        assertEquals(Optional.empty(), keys.begin("ann", "k", "f"));
        keys.end("ann", "k", outcome);
        assertEquals(Optional.of(outcome), keys.begin("ann", "k", "f"));
        assertEquals(Optional.empty(), keys.begin("bob", "k", "f"));
        assertEquals(Optional.empty(), keys.begin("ann", "l", "f"));
        keys.end("ann", "l", new Outcome(204, null));
        assertEquals(Optional.of(new Outcome(204, null)), keys.begin("ann", "l", "f"));
    }

    @Test
    public void refusesWhatItCannotTell() {
        keys.begin("ann", "k", "f");
        assertConflict("its end was not noted", "f");
        keys.end("ann", "k", new Outcome(204, null));
        assertConflict("another request", "g");
    }

    private void assertConflict(String reason, String fingerprint) {
        Problem problem = assertThrows(QrmException.class, () -> keys.begin("ann", "k", fingerprint))
                .problem();
        assertEquals(Problem.Kind.CONFLICT, problem.kind());
        assertEquals(problem.reason(), true, problem.reason().contains(reason));
    }

    @Test
    public void forgetsWhatItIsToldToForget() {
        keys.begin("ann", "k", "f");
        keys.forget("ann", "k");
        assertEquals(Optional.empty(), keys.begin("ann", "k", "g"));
    }

    @Test
    public void forgetsAfterADay() {
        keys.begin("ann", "k", "f");
        keys.end("ann", "k", new Outcome(204, null));
        at(NOW.plus(Duration.ofDays(1))).forgetOld();
        assertEquals(Optional.of(new Outcome(204, null)), keys.begin("ann", "k", "f"));
        at(NOW.plus(Duration.ofDays(1)).plusMillis(1)).forgetOld();
        assertEquals(Optional.empty(), keys.begin("ann", "k", "f"));
    }

    @Test
    public void isBegunByOneOfMany() {
        long begun =
                IntStream.range(0, 8).mapToObj(i -> CompletableFuture.supplyAsync(() -> begins())).toList().stream()
                        .map(CompletableFuture::join)
                        .filter(Boolean::booleanValue)
                        .count();
        assertEquals(1, begun);
    }

    private boolean begins() {
        try {
            return keys.begin("ann", "k", "f").isEmpty();
        } catch (QrmException refused) {
            return false;
        }
    }
}
