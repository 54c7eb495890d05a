package org.qrm.core.audit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditField;
import org.qrm.api.audit.AuditVerification;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class AuditServiceTest {

    private static final Filter<AuditField> ALL = Filter.all();

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private Database database;
    private AuditService audit;

    @Before
    public void open() {
        database = TestDatabase.open(kind.freshUrl());
        audit = new AuditService(database, Clock.systemUTC());
    }

    @After
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void keepsWhoDidWhatFromWhereAndWhatCameOfIt() {
        AuditEntry entry = audit.append("ann", "10.0.0.1", "POST /resources/1/actions", "action=reboot", "202");
        assertEquals(1, entry.id());
        assertEquals(List.of(entry), audit.list(ALL, PageRequest.FIRST).items());
    }

    @Test
    public void listsNewestFirstPageByPage() {
        append(5);
        var page = audit.list(ALL, new PageRequest(2, null));
        assertEquals(List.of(5L, 4L), ids(page.items()));
        assertEquals(
                List.of(3L, 2L),
                ids(audit.list(ALL, new PageRequest(2, page.next())).items()));
    }

    @Test
    public void listsThoseOfAUserAndATime() {
        audit.append("ann", "", "", "", "");
        AuditEntry second = audit.append("bob", "", "", "", "");
        Instant time = second.time();
        assertEquals(List.of(2L), listed(Filter.by(AuditField.USER, "bob")));
        assertEquals(
                List.of(2L),
                listed(Filter.by(AuditField.USER, "bob")
                        .and(AuditField.FROM, time)
                        .and(AuditField.TO, time.plusMillis(1))));
        assertEquals(List.of(), listed(Filter.by(AuditField.USER, "bob").and(AuditField.FROM, time.plusMillis(1))));
        assertEquals(List.of(), listed(Filter.by(AuditField.USER, "bob").and(AuditField.TO, time)));
    }

    @Test
    public void isWholeAsItWasWritten() {
        assertEquals(new AuditVerification(0, null, ""), audit.verify());
        append(3);
        assertEquals(new AuditVerification(3, null, ""), audit.verify());
    }

    @Test
    public void forgetsOldEntriesAndTheChainGoesOn() {
        Instant middle = Instant.parse("2026-02-01T00:00:00Z");
        append(at(middle.minusSeconds(1)), 2500);
        AuditEntry third = append(at(middle), 3);
        AuditService log = at(Instant.parse("2026-11-29T00:00:00Z"));
        assertEquals(0, log.prune(middle.minusSeconds(1)));
        assertEquals(0, log.prune(Instant.MIN));
        assertEquals(2500, log.prune(middle));
        assertEquals(new AuditVerification(3, null, ""), log.verify());
        assertEquals(0, log.prune(middle));
        assertEquals(
                List.of(2503L, 2502L, 2501L),
                ids(log.list(ALL, PageRequest.FIRST).items()));
        assertEquals(third.id() + 1, append(log, 1).id());
        assertEquals(new AuditVerification(4, null, ""), log.verify());

        database.change(change -> change.handle().execute("update audit set action = 'x' where id = 2501"));
        assertEquals(Long.valueOf(2501), log.verify().firstBroken());
        QrmException refused = assertThrows(QrmException.class, () -> log.prune(middle.plusSeconds(1)));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        database.change(change -> change.handle().execute("update audit_head set pruned_hash = 'x'"));
        assertEquals(Long.valueOf(2501), log.verify().firstBroken());
    }

    @Test
    public void keepsWhatWasDoneLately() {
        append(3);
        for (Instant late : List.of(Instant.now(), Instant.now().minus(Duration.ofDays(29)), Instant.MAX)) {
            QrmException refused = assertThrows(QrmException.class, () -> audit.prune(late));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
        assertEquals(new AuditVerification(3, null, ""), audit.verify());
    }

    private AuditService at(Instant time) {
        return new AuditService(database, Clock.fixed(time, ZoneOffset.UTC));
    }

    private static AuditEntry append(AuditService log, int count) {
        AuditEntry last = null;
        for (int i = 0; i < count; i++) {
            last = log.append("ann", "", "a" + i, "", "");
        }
        return last;
    }

    @Test
    public void namesTheFirstEntryThatWasChanged() {
        for (String column : new String[] {"user_name", "origin", "action", "details", "result", "previous", "hash"}) {
            append(3);
            long first = audit.verify().entries() - 1;
            database.change(
                    change -> change.handle().execute("update audit set " + column + " = 'x' where id = ?", first));
            assertEquals(column, Long.valueOf(first), audit.verify().firstBroken());
            startAnew();
        }
        append(3);
        database.change(change -> change.handle().execute("update audit set time = time + 1 where id = 2"));
        assertEquals(Long.valueOf(2), audit.verify().firstBroken());
    }

    @Test
    public void namesAnEntryThatIsMissingWhereverItWas() {
        for (int missing = 1; missing <= 3; missing++) {
            append(3);
            int id = missing;
            database.change(change -> change.handle().execute("delete from audit where id = ?", id));
            assertEquals(Long.valueOf(missing), audit.verify().firstBroken());
            startAnew();
        }
    }

    @Test
    public void noticesAChainThatWasWrittenAnewToItsEnd() {
        append(2);
        String forged = AuditChain.hash("", 1, Instant.EPOCH, "eve", "", "", "", "");
        database.change(change -> change.handle().execute("delete from audit where id = 2"));
        database.change(change -> change.handle().execute("update audit_head set last_id = 1"));
        database.change(change -> change.handle()
                .execute(
                        "update audit set time = 0, user_name = 'eve', origin = '', action = '', details = '',"
                                + " result = '', previous = '', hash = ?",
                        forged));
        assertEquals(Long.valueOf(1), audit.verify().firstBroken());
    }

    @Test
    public void takesAnyText() {
        audit.append("a\u0000\nb", "\ud800", "x".repeat(599) + "\ud83d\ude00", "é".repeat(5000), "😀 <&>'\"");
        AuditEntry kept = audit.list(ALL, PageRequest.FIRST).items().get(0);
        assertEquals("a??b", kept.user());
        assertEquals("😀 <&>'\"", kept.result());
        assertEquals(1000, kept.details().length());
        assertNull(audit.verify().firstBroken());
    }

    @Test
    public void keepsOneChainWhenManyAppendAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<AuditEntry> append = () -> audit.append("ann", "", "x", "", "200");
            List<Long> ids = new ArrayList<>();
            for (Future<AuditEntry> entry : threads.invokeAll(Collections.nCopies(80, append))) {
                ids.add(entry.get().id());
            }
            assertEquals(80, ids.stream().distinct().count());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(new AuditVerification(80, null, ""), audit.verify());
    }

    @Test
    public void refusesChangesWhileNothingCanBeWritten() {
        audit.requireWritable();
        database.change(change -> change.handle().execute("drop table audit"));
        assertEquals(Problem.Kind.UNAVAILABLE, kindOf(() -> audit.append("ann", "", "x", "", "200")));
        database.change(change -> change.handle().execute("drop table audit_head"));
        QrmException refused = assertThrows(QrmException.class, audit::requireWritable);
        assertTrue(refused.getMessage(), refused.getMessage().contains("nothing was changed"));
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            audit.append("ann", "10.0.0.1", "POST /x", "", "200");
        }
    }

    private void startAnew() {
        database.change(change -> change.handle().execute("delete from audit"));
        database.change(change -> change.handle().execute("update audit_head set last_id = 0, hash = ''"));
    }

    private List<Long> listed(Filter<AuditField> filter) {
        return ids(audit.list(filter, PageRequest.FIRST).items());
    }

    private static List<Long> ids(List<AuditEntry> entries) {
        return entries.stream().map(AuditEntry::id).toList();
    }

    private static Problem.Kind kindOf(Runnable attempt) {
        return assertThrows(QrmException.class, attempt::run).problem().kind();
    }
}
