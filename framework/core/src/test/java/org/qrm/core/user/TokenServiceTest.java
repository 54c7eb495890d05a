package org.qrm.core.user;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Role;
import org.qrm.api.user.Token;
import org.qrm.api.user.TokenField;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class TokenServiceTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private Database database;
    private TokenService tokens;

    @Before
    public void open() {
        database = TestDatabase.open(kind.freshUrl());
        tokens = new TokenService(database, ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
    }

    @After
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void knowsATokenByItsSecretOnly() {
        NewToken made = create("ci", "ann", 30);
        assertTrue(made.secret(), made.secret().matches("qrm_[A-Za-z0-9_-]{43}"));
        assertEquals(made.token(), tokens.verify(made.secret()).orElseThrow());
        assertEquals(made.token(), tokens.find(made.token().id()).orElseThrow());
        assertNotEquals(made.secret(), create("ci", "ann", 30).secret());
        for (String wrong : new String[] {"", "qrm_", made.secret() + "x", "x".repeat(100_000), "'"}) {
            assertFalse(tokens.verify(wrong).isPresent());
        }
    }

    @Test
    public void keepsNoSecret() {
        NewToken made = create("ci", "ann", 30);
        String row = database.read(handle ->
                handle.createQuery("select * from api_token").mapToMap().one().toString());
        assertFalse(
                row, row.contains(made.secret()) || row.contains(made.secret().substring(4)));
    }

    @Test
    public void expires() {
        NewToken made = create("ci", "ann", 1);
        now = now.plus(Duration.ofHours(23));
        assertTrue(tokens.verify(made.secret()).isPresent());
        now = now.plus(Duration.ofHours(1));
        assertFalse(tokens.verify(made.secret()).isPresent());
        create("next", "ann", 1);
        assertFalse(tokens.find(made.token().id()).isPresent());
    }

    @Test
    public void endsWhenRevoked() {
        NewToken first = create("a", "ann", 1);
        NewToken second = create("b", "ann", 1);
        NewToken other = create("c", "bob", 1);
        tokens.revoke(first.token().id());
        assertFalse(tokens.verify(first.secret()).isPresent());
        assertEquals(
                Problem.Kind.NOT_FOUND, kindOf(() -> tokens.revoke(first.token().id())));
        tokens.revokeAll("ann");
        assertFalse(tokens.verify(second.secret()).isPresent());
        assertTrue(tokens.verify(other.secret()).isPresent());
    }

    @Test
    public void listsTokensOfOneOrOfAll() {
        Token first = create("a", "ann", 1).token();
        Token second = create("b", "bob", 1).token();
        assertEquals(
                List.of(first, second),
                tokens.list(Filter.all(), PageRequest.FIRST).items());
        assertEquals(
                List.of(second),
                tokens.list(Filter.by(TokenField.USER, "bob"), PageRequest.FIRST)
                        .items());
        var page = tokens.list(Filter.all(), new PageRequest(1, null));
        assertEquals(
                List.of(second),
                tokens.list(Filter.all(), new PageRequest(1, page.next())).items());
    }

    @Test
    public void refusesWhatCannotBe() {
        assertEquals(Problem.Kind.INVALID, kindOf(() -> create("a b", "ann", 1)));
        assertEquals(Problem.Kind.INVALID, kindOf(() -> create("a", "ann", 0)));
        assertEquals(Problem.Kind.INVALID, kindOf(() -> create("a", "ann", 4000)));
        for (int i = 0; i < 100; i++) {
            create("a", "ann", 1);
        }
        assertEquals(Problem.Kind.REFUSED, kindOf(() -> create("a", "ann", 1)));
        create("a", "bob", 1);
    }

    private NewToken create(String name, String user, int days) {
        return tokens.create(name, user, Role.OPERATOR, Duration.ofDays(days));
    }

    private static Problem.Kind kindOf(Runnable attempt) {
        return assertThrows(QrmException.class, attempt::run).problem().kind();
    }
}
