package org.qrm.core.subscription;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.Delivery;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.MailAddresses;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.api.subscription.TestDelivery;
import org.qrm.core.event.EventLogService;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.qrm.core.store.TestDatabase;

/** Mail, to a server that is not ours, and to those that mean no good. */
public class MailTest {

    private static final String PASSWORD = "s3crét";
    private static final EventFilter TOLD = new EventFilter(Priority.INFO, "told.", "", "");
    private static final MailAddresses ADDRESSES =
            new MailAddresses("qrm", "qrm@example.org", List.of("ops@example.org", "night@example.org"));
    private static final MailAddresses WITHOUT_LOGIN =
            new MailAddresses("", "qrm@example.org", List.of("ops@example.org"));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path certificate;
    private Database database;
    private EventLogService log;
    private Seal seal;
    private Deliveries deliveries;
    private SubscriptionService subscriptions;
    private MailServer server;

    @Before
    public void open() throws Exception {
        certificate = MailServer.certificate(folder.getRoot().toPath());
        database = TestDatabase.fresh();
        log = new EventLogService(database);
        seal = new Seal(folder.getRoot().toPath().resolve("key"));
        database.watchEvents(() -> Optional.ofNullable(deliveries).ifPresent(Deliveries::wake));
    }

    @After
    public void close() throws Exception {
        if (deliveries != null) {
            deliveries.close();
        }
        if (server != null) {
            server.close();
        }
        database.close();
    }

    /** What the loopback address is called here. */
    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        if (!Set.of("mail.test", "other.test").contains(host)) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private void deliver(String authorities, Mailer.Pace pace) {
        deliveries = new Deliveries(
                database,
                log,
                seal,
                Authorities.trusted(name -> authorities),
                "one",
                "0-test",
                Clock.systemUTC(),
                attempts -> 50,
                Duration.ofSeconds(5),
                pace,
                MailTest::lookUp);
        subscriptions = new SubscriptionService(database, seal, deliveries);
        deliveries.start();
    }

    private static Mailer.Pace pace(int whole, int gathers, int rests) {
        return new Mailer.Pace(Duration.ofMillis(whole), Duration.ofMillis(gathers), Duration.ofMillis(rests));
    }

    private void server(String how) throws Exception {
        server = new MailServer(how, folder.getRoot().toPath());
    }

    private void create(String target, MailAddresses mail, String password) {
        subscriptions.create(new SubscriptionSpec("ops", target, mail, TOLD, true), password);
    }

    private void record(String... descriptions) {
        for (String description : descriptions) {
            log.record(Priority.WARNING, "test", "told.so", "resource/17", description, 17L);
        }
    }

    private Delivery delivery() {
        return subscriptions.find("ops").orElseThrow().delivery();
    }

    @Test
    public void sendsWhatHappensTogetherInOneMailOverStartTls() throws Exception {
        server("starttls");
        deliver(certificate.toString(), pace(10_000, 3_000, 100));
        create("smtp://mail.test:" + server.port(), ADDRESSES, PASSWORD);
        record("first", "größer", "third");
        log.record(Priority.ERROR, "test", "told.so", "", "the worst: ☠", null);
        eventually(() -> "" + delivery(), () -> delivery().behind() == 0);
        eventually(() -> "" + server.taken, () -> server.taken.size() == 1);
        MailServer.Mail mail = server.taken.get(0);
        assertTrue(mail.encrypted());
        assertEquals(ADDRESSES.recipients(), mail.to());
        assertEquals("QRM 4 events, the worst error: the worst: ☠", mail.subject());
        List.of("first", "größer", "third", "☠", "warning  told.so  resource/17")
                .forEach(each -> assertTrue(mail.body(), mail.body().contains(each)));
        assertEquals("auto-generated", mail.head().get("Auto-Submitted"));
        record("fifth");
        eventually(() -> "" + server.taken, () -> server.taken.size() == 2);
        assertEquals("QRM warning: fifth", server.taken.get(1).subject());
        assertEquals("", delivery().failure());
        assertFalse(
                mail.head().get("Message-ID").equals(server.taken.get(1).head().get("Message-ID")));
    }

    @Test
    public void aFloodOfEventsIsFewMails() throws Exception {
        server("none");
        deliver(null, pace(10_000, 500, 1_000));
        create("smtp://127.0.0.1:" + server.port(), WITHOUT_LOGIN, null);
        record(IntStream.range(0, 120).mapToObj(each -> "event " + each + ".").toArray(String[]::new));
        eventually(() -> "" + delivery(), () -> delivery().behind() == 0);
        eventually(() -> "" + server.taken.size(), () -> {
            String all = server.taken.stream().map(MailServer.Mail::body).reduce("", String::concat);
            return IntStream.range(0, 120).allMatch(each -> all.contains("event " + each + "."));
        });
        assertTrue("" + server.taken.size(), server.taken.size() <= 6);
    }

    @Test
    public void sendsOverTlsFromTheStartAndTests() throws Exception {
        server("tls");
        deliver(certificate.toString(), pace(10_000, 0, 0));
        create("smtps://mail.test:" + server.port(), WITHOUT_LOGIN, null);
        TestDelivery test = subscriptions.test("ops");
        assertTrue(test.toString(), test.accepted());
        assertEquals(250, test.status());
        eventually(() -> "nothing", () -> server.taken.size() == 1);
        assertTrue(server.taken.get(0).body().contains("This is a test of subscription ops"));
    }

    @Test
    public void tellsNoPasswordToStrangers() throws Exception {
        server("starttls");
        deliver(null, pace(10_000, 0, 0));
        create("smtp://mail.test:" + server.port(), ADDRESSES, PASSWORD);
        TestDelivery stranger = subscriptions.test("ops");
        assertTrue(stranger.toString(), stranger.reason().startsWith("TLS with it failed"));
        deliveries.close();
        deliver(certificate.toString(), pace(10_000, 0, 0));
        subscriptions.update(
                new SubscriptionSpec("ops", "smtp://other.test:" + server.port(), ADDRESSES, TOLD, true),
                Expected.any());
        assertFalse(subscriptions.find("ops").orElseThrow().hasSecret());
        assertTrue(subscriptions.test("ops").reason().contains("no password"));
        subscriptions.setSecret("ops", PASSWORD);
        TestDelivery otherName = subscriptions.test("ops");
        assertTrue(otherName.toString(), otherName.reason().startsWith("TLS with it failed"));
        assertEquals(List.of(), server.taken);
    }

    @Test
    public void aWrongPasswordIsSaidAndNotRepeated() throws Exception {
        server("starttls");
        deliver(certificate.toString(), pace(10_000, 0, 0));
        create("smtp://mail.test:" + server.port(), ADDRESSES, "hunter2");
        TestDelivery refused = subscriptions.test("ops");
        assertEquals(535, refused.status());
        assertEquals("it does not let the user log in: 535", refused.reason());
        subscriptions.setSecret("ops", PASSWORD);
        assertTrue(subscriptions.test("ops").accepted());
    }

    @Test
    public void nothingThatAnEventSaysIsALineOfTheMail() throws Exception {
        server("none");
        deliver(null, pace(10_000, 0, 0));
        create("smtp://127.0.0.1:" + server.port(), WITHOUT_LOGIN, null);
        String hostile =
                "x\r\nBcc: <all@example.org>\r\n\r\n.\r\nMAIL FROM:<evil@example.org>\r\n=?utf-8?B?WA==?= \u202e\0\u0085\u2028";
        log.record(Priority.ALARM, "a\r\nb", "told.\r\nX-Evil: 1", "resource/\r\n.\r\n", hostile, null);
        eventually(() -> "" + delivery(), () -> server.taken.size() == 1);
        MailServer.Mail mail = server.taken.get(0);
        assertEquals(
                Set.of(
                        "From",
                        "To",
                        "Subject",
                        "Date",
                        "Message-ID",
                        "Auto-Submitted",
                        "MIME-Version",
                        "Content-Type",
                        "Content-Transfer-Encoding"),
                Set.copyOf(mail.head().keySet()));
        assertEquals(List.of("ops@example.org"), mail.to());
        assertTrue(mail.subject(), mail.subject().startsWith("QRM alarm: x??Bcc: <all@example.org>"));
        assertFalse(mail.body(), mail.body().contains("\u202e"));
        record("next");
        eventually(() -> "" + server.taken, () -> server.taken.size() == 2);
    }

    @Test
    public void everyLetterIsLinesOfAscii() {
        String longest = "\ud83d\ude00ä\u0000\r\n.".repeat(400);
        Event event = new Event(
                7, Instant.EPOCH, Priority.INFO, "core", "a".repeat(63), "b".repeat(120), longest, null, false, false);
        MailAddresses many = new MailAddresses(
                "",
                "a".repeat(60) + "@example.org",
                java.util.Collections.nCopies(10, "b".repeat(200) + "@example.org"));
        String text = Letter.of("origin", "ops", many, java.util.Collections.nCopies(50, event), Instant.EPOCH)
                .text();
        assertTrue(text.endsWith("\r\n"));
        for (String line : text.split("\r\n")) {
            assertTrue(line, line.matches("[ -~]{0,998}") && !line.startsWith("."));
        }
        assertEquals(-1, text.replace("\r\n", "").indexOf('\n'));
        assertTrue("" + text.length(), text.length() < 400_000);
    }

    @Test
    public void oneRecipientThatIsGoneKeepsNoOtherFromTheMail() throws Exception {
        server("none");
        deliver(null, pace(10_000, 0, 0));
        MailAddresses two = new MailAddresses("", "qrm@example.org", List.of("gone@example.org", "ops@example.org"));
        create("smtp://127.0.0.1:" + server.port(), two, null);
        record("1", "2");
        eventually(() -> "" + delivery(), () -> delivery().behind() == 0 && !server.taken.isEmpty());
        assertEquals(List.of("ops@example.org"), server.taken.get(0).to());
        assertEquals(1, events("subscription.recipient-refused").size());
        assertTrue(events("subscription.recipient-refused").get(0).contains("gone@example.org: 550 no such user"));
        TestDelivery test = subscriptions.test("ops");
        assertFalse(test.accepted());
        assertTrue(test.reason(), test.reason().contains("gone@example.org"));
    }

    private List<String> events(String type) {
        return log.after(0, 1000).stream()
                .filter(event -> event.type().equals(type))
                .map(Event::description)
                .toList();
    }

    /** What a server says at the first line, and then to each line that it hears; and why that is no delivery. */
    private static Map<String, String[]> badServers() {
        Map<String, String[]> table = new LinkedHashMap<>();
        table.put("says nothing", new String[] {"", "", "within"});
        table.put("talks of something else", new String[] {"HTTP/1.1 400 Bad\r\n", "", "speak SMTP"});
        table.put("never ends a line", new String[] {"220 " + "a".repeat(5000), "", "line of more than"});
        table.put("never ends an answer", new String[] {"220-a\r\n".repeat(500), "", "more than 100 lines"});
        table.put("does not want to", new String[] {"554 go away\r\n", "", "554 go away"});
        table.put("encrypts nothing", new String[] {"220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "offers no STARTTLS"});
        table.put("goes on in the clear", new String[] {
            "220 a\r\n", "250-a\r\n250 STARTTLS\r\n|220 go\r\n250 AUTH PLAIN\r\n", "TLS with it failed"
        });
        table.put("falls silent", new String[] {"220 a\r\n", "", "within"});
        return table;
    }

    @Test
    public void badServersAreToldApartAndHearNoPassword() throws Exception {
        deliver(certificate.toString(), pace(700, 0, 0));
        for (Map.Entry<String, String[]> each : badServers().entrySet()) {
            try (ServerSocket port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> talk(port, each.getValue()));
                SubscriptionSpec bad =
                        new SubscriptionSpec("bad", "smtp://mail.test:" + port.getLocalPort(), ADDRESSES, TOLD, false);
                subscriptions.create(bad, PASSWORD);
                TestDelivery test = subscriptions.test("bad");
                assertFalse(each.getKey(), test.accepted());
                assertTrue(each.getKey() + ": " + test, test.reason().contains(each.getValue()[2]));
                String words = heard.get(30, TimeUnit.SECONDS);
                assertFalse(each.getKey() + ": " + words, words.contains("AUTH"));
                subscriptions.delete("bad", Expected.any());
            }
        }
    }

    /** Everything that was heard. */
    private static String talk(ServerSocket port, String[] lines) {
        StringBuilder heard = new StringBuilder();
        try (Socket socket = port.accept()) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(lines[0].getBytes(StandardCharsets.US_ASCII));
            String[] answers = lines[1].split("\\|");
            byte[] buffer = new byte[4096];
            int turn = 0;
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                heard.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                out.write(answers[Math.min(turn++, answers.length - 1)].getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException hungUp) {
            // so it should
        }
        return heard.toString();
    }

    @Test
    public void aServerThatRepeatsThePasswordIsNotQuoted() throws Exception {
        deliver(null, pace(5_000, 0, 0));
        String coded = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
        try (ServerSocket port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> talk(port, new String[] {
                "220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n|235 " + coded + "\r\n|550 you are " + coded + "\r\n", ""
            }));
            create("smtp://127.0.0.1:" + port.getLocalPort(), ADDRESSES, PASSWORD);
            TestDelivery test = subscriptions.test("ops");
            assertEquals("it refuses the sender: 550", test.reason());
            assertTrue(heard.get(30, TimeUnit.SECONDS).contains("AUTH PLAIN"));
        }
    }

    @Test
    public void refusesWhatIsNoMail() {
        deliver(null, pace(5_000, 0, 0));
        List<MailAddresses> wrong = List.of(
                new MailAddresses("", "qrm@example.org>\r\nRCPT TO:<a@b", List.of("a@b")),
                new MailAddresses("", "QRM <qrm@example.org>", List.of("a@b")),
                new MailAddresses("", "a@b\u00e9", List.of("a@b")),
                new MailAddresses("", "a@b", List.of()),
                new MailAddresses("", "a@b", List.of("a@b c@d")),
                new MailAddresses("", "a@b", List.of("a..b@c")),
                new MailAddresses("", "a@b", java.util.Collections.nCopies(11, "a@b")),
                new MailAddresses("a\nb", "a@b", List.of("a@b")),
                new MailAddresses("", "a".repeat(254) + "@b", List.of("a@b")));
        for (MailAddresses each : wrong) {
            assertInvalid(() -> create("smtp://mail.test", each, null));
        }
        for (String target :
                List.of("smtp://mail.test/inbox", "smtp://mail.test?a=b", "smtp://qrm@mail.test", "smtp:a")) {
            assertInvalid(() -> create(target, WITHOUT_LOGIN, null));
        }
        assertInvalid(() -> create("https://mail.test", WITHOUT_LOGIN, null));
        assertInvalid(() -> create("smtp://mail.test", null, null));
        assertInvalid(() -> create("smtp://mail.test", WITHOUT_LOGIN, "a\nb"));
        assertInvalid(() -> create("smtp://mail.test", WITHOUT_LOGIN, "a".repeat(201)));
        assertEquals(List.of(), subscriptions.list());
    }

    private static void assertInvalid(org.junit.function.ThrowingRunnable work) {
        assertEquals(
                Problem.Kind.INVALID,
                assertThrows(QrmException.class, work).problem().kind());
    }
}
