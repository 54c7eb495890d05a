package org.qrm.core.subscription;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.api.subscription.TestDelivery;
import org.qrm.core.event.EventLogService;
import org.qrm.core.event.EventRetention;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.Seal;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class DeliveriesTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Mailer.Pace MAIL =
            new Mailer.Pace(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final EventFilter TOLD = new EventFilter(Priority.INFO, "told.", "", "");
    private static final EventFilter ALL = new EventFilter(Priority.INFO, "", "", "");

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Receiver receiver;
    private Database database;
    private EventLogService log;
    private Seal seal;
    private SubscriptionService subscriptions;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    /** What events wake. */
    private final AtomicReference<Deliveries> running = new AtomicReference<>();

    @Before
    public void open() throws Exception {
        receiver = new Receiver();
        database = TestDatabase.open(kind.freshUrl());
        database.watchEvents(() -> Optional.ofNullable(running.get()).ifPresent(Deliveries::wake));
        log = new EventLogService(database);
        seal = new Seal(folder.getRoot().toPath().resolve("key"));
        start();
    }

    @After
    public void close() {
        over.countDown();
        receiver.close();
        if (database != null) {
            stop();
            database.close();
        }
    }

    private void start() throws Exception {
        start(attempts -> 20, Clock.systemUTC());
    }

    private void start(IntToLongFunction pause, Clock clock) throws Exception {
        running.set(server("one", pause, clock));
        subscriptions = new SubscriptionService(database, seal, running.get());
        running.get().start();
    }

    private Deliveries server(String name, IntToLongFunction pause, Clock clock) throws Exception {
        return new Deliveries(
                database,
                log,
                seal,
                SSLContext.getDefault(),
                name,
                "0-test",
                clock,
                pause,
                Duration.ofMillis(700),
                MAIL,
                this::lookUp);
    }

    /** Of some hosts nobody says whether they have an address, until the test ends. */
    private InetAddress[] lookUp(String host) throws UnknownHostException {
        if (host.endsWith(".slow.test")) {
            try {
                asked.add(host);
                assertTrue(over.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return InetAddress.getAllByName(host);
    }

    private void stop() {
        Optional.ofNullable(running.getAndSet(null)).ifPresent(Deliveries::close);
    }

    private void create(String name, String target, EventFilter filter) {
        subscriptions.create(new SubscriptionSpec(name, target, filter, true), null);
    }

    private void record(String... descriptions) {
        for (String description : descriptions) {
            log.record(Priority.WARNING, "test", "told.so", "resource/17", description, 17L);
        }
    }

    private Delivery delivery(String name) {
        return subscriptions.find(name).orElseThrow().delivery();
    }

    private List<String> types() {
        return log.list(Filter.<EventField>all(), new PageRequest(1000, null)).items().stream()
                .filter(event -> event.type().startsWith("subscription."))
                .map(event -> event.type() + (event.resolved() ? " resolved" : ""))
                .collect(Collectors.toList());
    }

    private static String numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    private void arrives(Receiver at, String descriptions) {
        eventually(at::descriptions, () -> at.descriptions().equals(descriptions));
    }

    /** What is tried again is due after its pause, and seen with the next look: each second, if nobody wakes it. */
    private void eventuallyAwake(Supplier<String> what, BooleanSupplier condition) {
        eventually(what, () -> {
            running.get().wake();
            return condition.getAsBoolean();
        });
    }

    @Test
    public void sendsWhatComesFromNowOnInOrder() {
        record("before");
        create("chat", receiver.url(), TOLD);
        for (int i = 0; i < 130; i++) {
            record(String.valueOf(i));
        }
        arrives(receiver, numbers(0, 130));
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").behind() == 0);
        assertEquals(
                receiver.taken.get(129).json().path("id").asText(),
                String.valueOf(delivery("chat").event()));
        assertEquals("", delivery("chat").failure());
    }

    @Test
    public void sendsSignedCloudEvents() throws Exception {
        subscriptions.create(new SubscriptionSpec("chat", receiver.url(), TOLD, true), SECRET);
        record("hé\"llo\n");
        eventually(() -> "nothing", () -> receiver.taken.size() == 1);
        Receiver.Taken taken = receiver.taken.get(0);
        Event event = log.after(0, 100).stream()
                .filter(each -> each.type().equals("told.so"))
                .findFirst()
                .orElseThrow();
        JsonNode json = taken.json();
        assertEquals("1.0", json.path("specversion").asText());
        assertEquals(String.valueOf(event.id()), json.path("id").asText());
        assertTrue(json.path("source").asText().matches("urn:uuid:[0-9a-f-]{36}"));
        assertEquals("org.qrm.told.so", json.path("type").asText());
        assertEquals(event.time().toString(), json.path("time").asText());
        assertEquals("resource/17", json.path("subject").asText());
        assertEquals("application/json", json.path("datacontenttype").asText());
        assertEquals("hé\"llo\n", json.path("data").path("description").asText());
        assertEquals("warning", json.path("data").path("priority").asText());
        assertEquals(17, json.path("data").path("resource").asLong());
        assertEquals(
                "application/cloudevents+json; charset=utf-8", taken.headers().getFirst("Content-Type"));
        String id = taken.headers().getFirst("webhook-id");
        assertEquals(json.path("source").asText().substring(9) + "-" + event.id(), id);
        long time = Long.parseLong(taken.headers().getFirst("webhook-timestamp"));
        assertEquals(
                SigningKey.of("sign", "", SECRET).sign(id, time, taken.body().getBytes(StandardCharsets.UTF_8)),
                taken.headers().getFirst("webhook-signature"));
        // else it would be sent once more, with the other secret
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").behind() == 0);
        subscriptions.setSecret("chat", null);
        record("unsigned");
        eventually(() -> "nothing", () -> receiver.taken.size() == 2);
        assertNull(receiver.taken.get(1).headers().getFirst("webhook-signature"));
    }

    @Test
    public void letsThroughWhatIsAskedForAndCountsTheSame() {
        receiver.status = 503;
        List<EventFilter> filters = List.of(
                ALL,
                new EventFilter(Priority.ERROR, "", "", ""),
                new EventFilter(Priority.INFO, "a.", "", ""),
                new EventFilter(Priority.INFO, "a.b", "xen", ""),
                new EventFilter(Priority.WARNING, "", "", "resource/1"),
                new EventFilter(Priority.INFO, "%", "", ""));
        for (int i = 0; i < filters.size(); i++) {
            subscriptions.create(new SubscriptionSpec("f" + i, receiver.url() + i, filters.get(i), false), null);
        }
        long begin = log.newest();
        for (Priority priority : Priority.values()) {
            for (String type : List.of("a.b", "a.bc", "ab", "b")) {
                for (String source : List.of("core", "xen")) {
                    log.record(priority, source, type, "resource/1", "", null);
                    log.record(priority, source, type, "resource/10", "", null);
                }
            }
        }
        List<Event> events = log.after(begin, 1000);
        for (int i = 0; i < filters.size(); i++) {
            EventFilter filter = filters.get(i);
            long wanted = events.stream().filter(filter::lets).count();
            // the first also of the subscriptions that came after it
            assertEquals(
                    filter.toString(),
                    wanted + (i == 0 ? filters.size() - 1 : 0),
                    delivery("f" + i).behind());
        }
        assertEquals(32, delivery("f2").behind() + delivery("f3").behind() - 16);
    }

    @Test
    public void triesAgainAndLeavesNothingOutNorSwapsIt() {
        receiver.refuses = event -> event.description().equals("2") && receiver.refused.size() < 4;
        create("chat", receiver.url(), TOLD);
        record("1", "2", "3");
        arrives(receiver, "1 2 3");
        assertEquals(4, receiver.refused.size());
        Set<String> ids = receiver.refused.stream()
                .map(each -> each.headers().getFirst("webhook-id"))
                .collect(Collectors.toSet());
        assertEquals(Set.of(receiver.taken.get(1).headers().getFirst("webhook-id")), ids);
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").attempts() == 0);
    }

    /** One that a receiver never takes holds up no others, and is counted; the order stays. */
    @Test
    public void anEventThatIsAlwaysRefusedIsPassedOver() {
        receiver.refuses = event -> Set.of("2", "3", "6").contains(event.description());
        create("chat", receiver.url(), TOLD);
        create("other", receiver.url() + "x", new EventFilter(Priority.INFO, "subscription.", "", ""));
        record("1", "2", "3", "4", "5", "6", "7");
        eventuallyAwake(() -> "" + delivery("chat"), () -> delivery("chat").behind() == 0);
        assertEquals(
                "1 4 5 7",
                receiver.taken.stream()
                        .filter(each -> each.json().path("type").asText().equals("org.qrm.told.so"))
                        .map(Receiver.Taken::description)
                        .collect(Collectors.joining(" ")));
        assertEquals(3, delivery("chat").refused());
        assertEquals("", delivery("chat").failure());
        assertEquals(
                3,
                types().stream()
                        .filter(type -> type.startsWith("subscription.event-refused"))
                        .count());
        long asked = receiver.refused.stream()
                .filter(each -> each.description().equals("2"))
                .count();
        assertEquals(Deliveries.PROBED_AFTER + 1, asked);
        eventually(receiver::descriptions, () -> receiver.descriptions().contains("was not sent event"));
    }

    /** A receiver that takes nothing at all loses nothing, however long that lasts. */
    @Test
    public void anOutageIsNoRefusalOfAnEvent() {
        receiver.status = 503;
        create("chat", receiver.url(), TOLD);
        record("1", "2", "3");
        eventuallyAwake(() -> "" + delivery("chat"), () -> delivery("chat").attempts() > 3 * Deliveries.PROBED_AFTER);
        receiver.status = 200;
        eventuallyAwake(() -> "" + delivery("chat"), () -> delivery("chat").behind() == 0);
        assertTrue(receiver.descriptions(), receiver.descriptions().endsWith("1 2 3"));
        assertEquals(0, delivery("chat").refused());
    }

    /** A name server that does not answer holds up those that ask it, and nobody else. */
    @Test
    public void slowNamesDelayNobodyElse() {
        for (int each = 0; each < 12; each++) {
            create("slow-" + each, "https://h" + each + ".slow.test/", TOLD);
        }
        create("chat", receiver.url(), TOLD);
        record("1");
        eventually(() -> "" + asked, () -> asked.size() == 12);
        long begin = System.nanoTime();
        for (int i = 2; i < 20; i++) {
            record(String.valueOf(i));
        }
        // one that was answered too late, on a busy box, comes again
        eventually(
                receiver::descriptions,
                () -> Stream.of(receiver.descriptions().split(" "))
                        .distinct()
                        .collect(Collectors.joining(" "))
                        .equals(numbers(1, 20)));
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 15);
        eventually(
                () -> "" + delivery("slow-3"),
                () -> delivery("slow-3").failure().contains("address was not known within"));
    }

    @Test
    public void tellsOfAnOutageOnceAndNotToTheOneThatFails() throws Exception {
        try (Receiver other = new Receiver()) {
            create("chat", receiver.url(), ALL);
            create("other", other.url(), new EventFilter(Priority.INFO, "subscription.", "", "subscription/chat"));
            receiver.status = 500;
            record("1");
            eventuallyAwake(() -> "" + receiver.refused.size(), () -> receiver.refused.size() > 10);
            assertEquals(
                    1, types().stream().filter("subscription.failing"::equals).count());
            assertTrue(delivery("chat").failure(), delivery("chat").failure().contains("500"));
            assertTrue(delivery("chat").attempts() >= Deliveries.PROBED_AFTER);
            eventually(other::descriptions, () -> other.taken.size() == 1);
            assertTrue(other.descriptions(), other.descriptions().contains("500"));
            receiver.status = 200;
            eventually(
                    () -> "" + types(),
                    () -> types().contains("subscription.failing resolved")
                            && types().contains("subscription.recovered"));
            eventually(() -> "" + delivery("chat"), () -> delivery("chat").behind() == 0);
            assertFalse(receiver.descriptions(), receiver.descriptions().contains("Subscription chat takes"));
            assertTrue(receiver.descriptions(), receiver.descriptions().contains("1"));
        }
    }

    @Test
    public void goesOnWhereItWasAfterAStop() throws Exception {
        receiver.refuses = event -> !event.description().equals("1");
        create("chat", receiver.url(), TOLD);
        record("1", "2", "3");
        eventually(receiver::descriptions, () -> receiver.refused.size() > 1);
        stop();
        record("4");
        receiver.refuses = event -> false;
        start();
        arrives(receiver, "1 2 3 4");
    }

    @Test
    public void waitsAfterAFailureAlsoAfterAStop() throws Exception {
        stop();
        start(attempts -> 3_600_000, Clock.systemUTC());
        receiver.status = 500;
        create("chat", receiver.url(), TOLD);
        record("1");
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").attempts() == 1);
        assertTrue(delivery("chat")
                .nextAttempt()
                .isAfter(Clock.systemUTC().instant().plusSeconds(3000)));
        stop();
        receiver.status = 200;
        start();
        create("second", receiver.url(), TOLD);
        record("2");
        arrives(receiver, "2");
        assertEquals(2, delivery("chat").behind());
        // a change has it tried at once
        subscriptions.update(subscriptions.find("chat").orElseThrow().spec(), Expected.any());
        arrives(receiver, "2 1 2");
    }

    @Test
    public void oneServerDeliversUntilItsHoldEnds() throws Exception {
        create("chat", receiver.url(), TOLD);
        stop();
        long now = System.currentTimeMillis();
        SubscriptionRows.Held held = database.change(
                        change -> SubscriptionRows.take(change.handle(), "chat", "two", now, now + 60_000))
                .orElseThrow();
        record("1");
        start();
        create("second", receiver.url(), TOLD);
        record("2");
        arrives(receiver, "2");
        assertEquals(2, delivery("chat").behind());
        // what is not noted as taken is sent again
        eventually(() -> "" + delivery("second"), () -> delivery("second").behind() == 0);
        stop();
        start(attempts -> 20, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(70)));
        arrives(receiver, "2 1 2");
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").behind() == 0);
        Delivery before = delivery("chat");
        // the other wakes up, and changes nothing
        assertFalse(database.change(change -> SubscriptionRows.taken(change, held, 1_000_000, "", now, now)));
        database.change(change -> {
            SubscriptionRows.failed(change, held, "late", now);
            SubscriptionRows.disable(change, held, "late");
            return null;
        });
        assertEquals(before, delivery("chat"));
    }

    @Test
    public void stopsWhenTheReceiverIsGone() {
        receiver.status = 410;
        create("chat", receiver.url(), TOLD);
        record("1", "2");
        eventually(() -> "" + types(), () -> types().contains("subscription.disabled"));
        assertFalse(subscriptions.find("chat").orElseThrow().spec().enabled());
        assertEquals(1, receiver.refused.size());
        assertNull(delivery("chat").nextAttempt());
        receiver.status = 200;
        subscriptions.update(new SubscriptionSpec("chat", receiver.url(), TOLD, true), Expected.any());
        arrives(receiver, "1 2");
        assertTrue(types().contains("subscription.disabled resolved"));
    }

    @Test
    public void countsWhatTheLogForgets() throws Exception {
        create("chat", receiver.url(), TOLD);
        create("small", receiver.url(), new EventFilter(Priority.ALARM, "told.", "", ""));
        receiver.status = 500;
        record("1", "2", "3", "4", "5");
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").attempts() > 0);
        stop();
        EventRetention retention = new EventRetention(database, Clock.systemUTC(), SubscriptionService::forget, 2);
        retention.run();
        // two events of the five are left, and that some are lost is one of them by now
        long lost = delivery("chat").lost();
        assertTrue(String.valueOf(lost), lost >= 3);
        assertEquals(5, lost + delivery("chat").behind());
        assertEquals(0, delivery("small").lost());
        assertTrue("" + types(), types().contains("subscription.events-lost"));
        receiver.status = 200;
        start();
        record("6");
        eventually(receiver::descriptions, () -> receiver.descriptions().endsWith("6"));
        assertEquals(lost, delivery("chat").lost());
        eventually(() -> "" + types(), () -> types().contains("subscription.events-lost resolved"));
    }

    @Test
    public void badReceiversAreToldApartAndDelayNobody() throws Exception {
        try (BadReceivers bad = new BadReceivers()) {
            for (BadReceivers.Kind each : BadReceivers.Kind.values()) {
                create("bad-" + each.ordinal(), bad.url(each), TOLD);
            }
            create("chat", receiver.url(), TOLD);
            long begin = System.nanoTime();
            for (int i = 0; i < 40; i++) {
                record(String.valueOf(i));
            }
            arrives(receiver, numbers(0, 40));
            // forty answers one after the other, of which each dead receiver would take 0.7 s
            assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 15);
            for (BadReceivers.Kind each : BadReceivers.Kind.values()) {
                String name = "bad-" + each.ordinal();
                eventually(
                        () -> each + ": " + delivery(name),
                        () -> each.accepts
                                ? delivery(name).behind() < 40
                                : delivery(name).failure().contains(each.words));
                assertEquals(each.toString(), each.accepts, delivery(name).event() != null);
            }
        }
    }

    @Test
    public void testsNow() throws Exception {
        subscriptions.create(new SubscriptionSpec("chat", receiver.url(), TOLD, false), SECRET);
        TestDelivery good = subscriptions.test("chat");
        assertTrue(good.toString(), good.accepted());
        assertEquals(204, good.status());
        Receiver.Taken taken = receiver.taken.get(0);
        assertEquals("org.qrm.subscription.test", taken.json().path("type").asText());
        assertNotEquals(null, taken.headers().getFirst("webhook-signature"));
        receiver.status = 403;
        TestDelivery bad = subscriptions.test("chat");
        assertFalse(bad.accepted());
        assertEquals(403, bad.status());
        assertTrue(bad.reason(), bad.reason().contains("403"));
        assertEquals(0, delivery("chat").attempts());
        assertEquals(
                Problem.Kind.NOT_FOUND,
                assertThrows(QrmException.class, () -> subscriptions.test("none"))
                        .problem()
                        .kind());
    }

    /** Whoever waits for a test, and a receiver that says nothing, do not outlive the server. */
    @Test
    public void aStopEndsWhatIsUnderWay() throws Exception {
        try (BadReceivers bad = new BadReceivers()) {
            Deliveries patient = new Deliveries(
                    database,
                    log,
                    seal,
                    SSLContext.getDefault(),
                    "two",
                    "0-test",
                    Clock.systemUTC(),
                    attempts -> 20,
                    Duration.ofDays(1),
                    MAIL,
                    InetAddress::getAllByName);
            SubscriptionService stopped = new SubscriptionService(database, seal, patient);
            create("chat", bad.url(BadReceivers.Kind.SAYS_NOTHING), TOLD);
            CompletableFuture<TestDelivery> test = CompletableFuture.supplyAsync(() -> stopped.test("chat"));
            eventually(() -> "it is not sent", () -> bad.asked(BadReceivers.Kind.SAYS_NOTHING) > 0);
            patient.close();
            assertFalse(test.get(30, TimeUnit.SECONDS).accepted());
            assertEquals("the server stops", stopped.test("chat").reason());
        }
    }

    @Test
    public void keepsSecretsSealed() throws Exception {
        subscriptions.create(new SubscriptionSpec("chat", receiver.url(), TOLD, true), SECRET);
        assertTrue(subscriptions.find("chat").orElseThrow().hasSecret());
        assertFalse(subscriptions.list().toString().contains("MfKQ"));
        String kept =
                database.read(handle -> SubscriptionRows.sealed(handle, "chat")).orElseThrow();
        assertFalse(kept.contains("MfKQ"));
        Files.delete(folder.getRoot().toPath().resolve("key"));
        record("1");
        eventually(() -> "" + delivery("chat"), () -> delivery("chat").failure().contains("secret cannot be read"));
        assertTrue(receiver.taken.isEmpty());
        subscriptions.setSecret("chat", SECRET);
        arrives(receiver, "1");
    }

    @Test
    public void refusesWithWordsAndChangesNothing() {
        create("chat", receiver.url(), TOLD);
        assertProblem(Problem.Kind.CONFLICT, () -> create("chat", receiver.url(), ALL));
        assertProblem(Problem.Kind.INVALID, () -> create("a b", receiver.url(), ALL));
        assertProblem(Problem.Kind.INVALID, () -> create("b", "ftp://x", ALL));
        assertProblem(
                Problem.Kind.INVALID,
                () -> create("b", receiver.url(), new EventFilter(Priority.INFO, "x".repeat(64), "", "")));
        assertProblem(
                Problem.Kind.INVALID,
                () -> create("b", receiver.url(), new EventFilter(Priority.INFO, "", "", "a\u202eb")));
        assertProblem(
                Problem.Kind.INVALID,
                () -> subscriptions.create(new SubscriptionSpec("b", receiver.url(), ALL, true), "hunter2"));
        SubscriptionSpec absent = new SubscriptionSpec("b", receiver.url(), ALL, true);
        assertProblem(Problem.Kind.NOT_FOUND, () -> subscriptions.update(absent, Expected.any()));
        assertProblem(Problem.Kind.NOT_FOUND, () -> subscriptions.setSecret("b", null));
        assertProblem(Problem.Kind.NOT_FOUND, () -> subscriptions.delete("b", Expected.any()));
        assertEquals(1, subscriptions.list().size());
        subscriptions.delete("chat", Expected.any());
        assertEquals(List.of(), subscriptions.list());
        for (int i = 0; i < 50; i++) {
            create("s" + i, receiver.url(), TOLD);
        }
        assertProblem(Problem.Kind.REFUSED, () -> create("more", receiver.url(), TOLD));
    }

    @Test
    public void pausesGrowFromASecondToTenMinutes() {
        for (int attempts = 1; attempts < 100; attempts++) {
            long least = attempts > 20 ? 600_000 : Math.min(600_000, 1000L << (attempts - 1));
            long pause = Deliveries.pauseAfter(attempts);
            assertTrue(attempts + ": " + pause, pause >= least && pause <= Math.min(600_000, least * 5 / 4));
        }
    }

    private static void assertProblem(Problem.Kind kind, org.junit.function.ThrowingRunnable work) {
        assertEquals(kind, assertThrows(QrmException.class, work).problem().kind());
    }
}
