package org.qrm.core.event;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.Priority;
import org.qrm.core.Eventually;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class EventLogTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private final CountDownLatch release = new CountDownLatch(1);
    private final PluginCalls calls = new PluginCalls();
    private Database database;
    private EventLogService log;
    private EventDispatch dispatch;

    @Before
    public void open() {
        database = TestDatabase.open(kind.freshUrl());
        log = new EventLogService(database);
        dispatchWithin(Duration.ofSeconds(60));
    }

    /** @param limit for one event */
    private void dispatchWithin(Duration limit) {
        if (dispatch != null) {
            dispatch.close();
        }
        dispatch = new EventDispatch(log, calls, limit);
        database.watchEvents(dispatch::wake);
    }

    @After
    public void close() {
        release.countDown();
        calls.close();
        if (database != null) {
            dispatch.close();
            database.close();
        }
    }

    @Test
    public void listsTheNewestFirstPageByPage() {
        record("a", "b", "c");
        Page<Event> first = log.list(Filter.all(), new PageRequest(2, null));
        assertEquals(List.of("c", "b"), texts(first.items()));
        assertEquals(
                List.of("a"),
                texts(log.list(Filter.all(), new PageRequest(2, first.next())).items()));
    }

    @Test
    public void filters() {
        log.record(Priority.INFO, "core", "t1", "s1", "a", null);
        log.record(Priority.ERROR, "xen", "t2", "s2", "b", 7L);
        log.record(Priority.ALARM, "core", "t1", "s2", "c", 7L);
        assertEquals(List.of("c", "b"), found(Filter.by(EventField.AT_LEAST, Priority.ERROR)));
        assertEquals(List.of("b"), found(Filter.by(EventField.SOURCE, "xen")));
        assertEquals(List.of("c", "a"), found(Filter.by(EventField.TYPE, "t1")));
        assertEquals(List.of("c", "b"), found(Filter.by(EventField.SUBJECT, "s2")));
        assertEquals(List.of("c", "b"), found(Filter.by(EventField.RESOURCE, 7L)));
        assertEquals(List.of(), found(Filter.by(EventField.ACKNOWLEDGED, true)));
        assertEquals(List.of(), found(Filter.by(EventField.SOURCE, "' or '1'='1")));
    }

    @Test
    public void acknowledges() {
        Event event = log.record(Priority.ERROR, "core", "t", "s", "a", null);
        assertTrue(log.acknowledge(event.id()).acknowledged());
        assertEquals(
                Problem.Kind.NOT_FOUND,
                assertThrows(QrmException.class, () -> log.acknowledge(event.id() + 1))
                        .problem()
                        .kind());
    }

    @Test
    public void aProblemThatIsOverCountsAsResolved() {
        log.record(Priority.ERROR, "core", "resource.silent", "resource/1", "a", 1L);
        log.record(Priority.ERROR, "core", "resource.silent", "resource/2", "b", 2L);
        log.resolve("resource.silent", "resource/1");
        List<Event> events = log.list(Filter.all(), PageRequest.FIRST).items();
        assertEquals(List.of(false, true), events.stream().map(Event::resolved).toList());
    }

    @Test
    public void anEventOfAChangeThatFailedIsNotThere() {
        assertThrows(
                IllegalStateException.class,
                () -> database.change(change -> {
                    change.event(Priority.INFO, "t", "s", "a", null);
                    throw new IllegalStateException();
                }));
        assertEquals(0, log.newest());
    }

    @Test
    public void aListenerHearsInOrderWhatComesAfterItsRegistration() {
        record("before");
        List<String> heard = new CopyOnWriteArrayList<>();
        dispatch.arrived(event -> heard.add(event.description()));
        record("a", "b", "c");
        eventually(() -> heard.size() == 3);
        assertEquals(List.of("a", "b", "c"), heard);
    }

    @Test
    public void aListenerThatBlocksOrThrowsHoldsUpNobody() {
        List<String> heard = new CopyOnWriteArrayList<>();
        dispatch.arrived(event -> awaitRelease());
        dispatch.arrived(event -> {
            throw new IllegalStateException("broken");
        });
        dispatch.arrived(event -> heard.add(event.description()));
        record("a", "b");
        eventually(() -> heard.equals(List.of("a", "b")));
    }

    @Test
    public void aListenerThatWasSlowCatchesUp() {
        List<String> heard = new CopyOnWriteArrayList<>();
        dispatch.arrived(event -> {
            awaitRelease();
            heard.add(event.description());
        });
        for (int i = 0; i < 500; i++) {
            record(String.valueOf(i));
        }
        release.countDown();
        eventually(() -> heard.size() == 500);
        assertEquals("499", heard.get(499));
    }

    @Test
    public void oneThatDoesNotReturnIsToldOfAndWhatItDidNotHearIsCounted() {
        dispatchWithin(Duration.ofSeconds(1));
        List<String> heard = new CopyOnWriteArrayList<>();
        List<String> others = new CopyOnWriteArrayList<>();
        dispatch.arrived(event -> {
            if (event.description().startsWith("long")) {
                awaitRelease();
            }
            heard.add(event.description());
        });
        dispatch.arrived(event -> others.add(event.description()));
        record("long", "long", "long");
        eventually(() -> behind().size() == 1);
        eventually(() -> others.size() == 4);
        String told = behind().get(0).description();
        assertTrue(told, told.contains("did not return within"));
        assertTrue(told, told.contains("It has not heard 1 events so far"));
        record("short");
        eventually(() -> heard.contains("short"));
        eventually(() -> behind().get(0).resolved());
        record("long");
        eventually(() -> behind().size() == 2);
        told = behind().get(0).description();
        assertTrue(told, told.contains("It has not heard 4 events"));
    }

    @Test
    public void oneThatNeverReturnsIsToldOnce() {
        dispatchWithin(Duration.ofSeconds(1));
        CountDownLatch never = new CountDownLatch(1);
        dispatch.arrived(event -> awaitDeaf(never));
        for (int i = 0; i < 20; i++) {
            record("long");
        }
        List<String> others = new CopyOnWriteArrayList<>();
        dispatch.arrived(event -> others.add(event.description()));
        eventually(() -> behind().size() == 1);
        record("last");
        eventually(() -> others.contains("last"));
        assertEquals(1, behind().size());
        assertFalse(behind().get(0).resolved());
        never.countDown();
        eventually(() -> behind().get(0).resolved());
    }

    /** As one that does not hear an interrupt. */
    private static void awaitDeaf(CountDownLatch never) {
        while (never.getCount() > 0) {
            LockSupport.parkNanos(10_000_000);
            Thread.interrupted();
        }
    }

    @Test
    public void whatIsForgottenBeforeItIsHeardIsCounted() {
        dispatchWithin(Duration.ofSeconds(2));
        CountDownLatch begun = new CountDownLatch(1);
        dispatch.arrived(event -> {
            begun.countDown();
            awaitRelease();
        });
        record("a");
        eventually(() -> begun.getCount() == 0);
        record("b", "c", "d");
        new EventRetention(database, Clock.systemUTC(), dispatch::forget, 1).run();
        eventually(() -> behind().size() == 1);
        String told = behind().get(0).description();
        assertTrue(told, told.contains("It has not heard 4 events"));
    }

    /** What tells that one falls behind, the newest first. */
    private List<Event> behind() {
        return log.list(Filter.all(), PageRequest.FIRST).items().stream()
                .filter(event -> event.type().equals(EventFollower.TYPE))
                .toList();
    }

    @Test
    public void aListenerThatWentHearsNoMore() {
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> second = new CopyOnWriteArrayList<>();
        org.qrm.api.event.EventListener leaving = event -> first.add(event.description());
        dispatch.arrived(leaving);
        dispatch.arrived(event -> second.add(event.description()));
        record("a");
        eventually(() -> first.size() == 1);
        dispatch.left(leaving);
        record("b");
        eventually(() -> second.size() == 2);
        assertEquals(List.of("a"), first);
    }

    @Test
    public void anEventThatIsCommittedLateIsNotSkipped() throws InterruptedException {
        record("before all");
        assertEquals(List.of("late", "early"), heardWhenOneIsCommittedLate());
    }

    @Test
    public void norIsTheFirstOfAll() throws InterruptedException {
        assertEquals(List.of("late", "early"), heardWhenOneIsCommittedLate());
    }

    private List<String> heardWhenOneIsCommittedLate() throws InterruptedException {
        List<String> heard = new CopyOnWriteArrayList<>();
        dispatch.arrived(event -> heard.add(event.description()));
        CountDownLatch inserted = new CountDownLatch(1);
        Thread late = new Thread(() -> database.change(change -> {
            change.event(Priority.INFO, "t", "s", "late", null);
            inserted.countDown();
            awaitRelease();
            return null;
        }));
        late.start();
        inserted.await();
        record("early");
        dispatch.wake();
        LockSupport.parkNanos(100_000_000);
        release.countDown();
        late.join();
        eventually(() -> heard.size() == 2);
        return heard;
    }

    @Test
    public void forgetsWhatIsTooMany() {
        record("a", "b", "c");
        new EventRetention(database, Clock.systemUTC(), (change, last) -> {}, 2).run();
        assertEquals(List.of("c", "b"), found(Filter.all()));
    }

    @Test
    public void whatIsCausedWithoutEndDisplacesNothingElse() {
        log.record(Priority.WARNING, "core", "t", "s", "disk full", null);
        log.record(Priority.INFO, "core", "t", "s", "started", null);
        for (int i = 0; i < 30; i++) {
            log.record(Priority.ALARM, "core", "t", "s", "stranger " + i, null);
        }
        new EventRetention(database, Clock.systemUTC(), (change, old) -> {}, 8).run();
        List<String> left = found(Filter.all());
        assertEquals(8, left.size());
        assertEquals(List.of("stranger 29", "stranger 28"), left.subList(0, 2));
        assertEquals(List.of("started", "disk full"), left.subList(6, 8));
    }

    @Test
    public void whatMattersLeastGoesFirst() {
        for (int i = 0; i < 6; i++) {
            log.record(Priority.ERROR, "core", "t", "s", "error " + i, null);
            log.record(Priority.INFO, "core", "t", "s", "info " + i, null);
        }
        new EventRetention(database, Clock.systemUTC(), (change, old) -> {}, 8).run();
        assertEquals(
                List.of("info 5", "error 5", "info 4", "error 4", "error 3", "error 2", "error 1", "error 0"),
                found(Filter.all()));
    }

    @Test
    public void forgetsWhatIsTooOld() {
        record("a", "b");
        new EventRetention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(29)), (change, last) -> {}, 100)
                .run();
        assertEquals(List.of("b", "a"), found(Filter.all()));
        new EventRetention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(31)), (change, last) -> {}, 100)
                .run();
        assertEquals(List.of(), found(Filter.all()));
    }

    @Test
    public void oneThatAWrongClockHasDatedTakesNoOthersAlong() {
        record("a", "from 1970", "b");
        database.change(change -> change.handle().execute("update event set time = 0 where description = 'from 1970'"));
        new EventRetention(database, Clock.systemUTC(), (change, old) -> {}, 100).run();
        assertEquals(List.of("b", "from 1970", "a"), found(Filter.all()));
    }

    private void record(String... descriptions) {
        for (String description : descriptions) {
            log.record(Priority.INFO, "core", "t", "s", description, null);
        }
    }

    private List<String> found(Filter<EventField> filter) {
        return texts(log.list(filter, PageRequest.FIRST).items());
    }

    private static List<String> texts(List<Event> events) {
        return events.stream().map(Event::description).toList();
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        Eventually.eventually(() -> "it did not happen", condition);
    }
}
