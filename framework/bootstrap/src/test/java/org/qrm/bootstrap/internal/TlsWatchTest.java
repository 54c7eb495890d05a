package org.qrm.bootstrap.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Page;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthResult;
import org.qrm.api.server.ServerCertificate;

public class TlsWatchTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    @Rule
    public TemporaryFolder root = new TemporaryFolder();

    private final List<String> told = new ArrayList<>();
    private final List<Event> open = new ArrayList<>();
    private DataDirectory data;
    private Instant now = START;
    private TlsWatch watch;

    @Before
    public void watchTheCertificates() throws Exception {
        data = new DataDirectory(root.getRoot().toPath().resolve("data"));
        data.create();
        ServerTls tls = new ServerTls(data, clock());
        tls.prepare("10.77.0.1", "rack1", Set.of());
        watch = new TlsWatch(() -> tls.prepare("10.77.0.1", "rack1", Set.of()), tls, clock(), this::log);
    }

    @Test
    public void tellsThatTheAuthorityOfAServerThatWasAtWorkWasNotThereAnyMore() throws Exception {
        Files.writeString(data.root().resolve("server-id"), "0\n");
        watch.look();
        assertEquals(HealthResult.Status.OK, watch.execute().status());
        for (Path file : Files.list(data.tls()).toList()) {
            Files.delete(file);
        }
        watch.look();
        assertEquals(HealthResult.Status.WARN, watch.execute().status());
        assertTrue(watch.execute().message(), watch.execute().message().contains("Restore tls from a backup"));
        watch.look();
        assertEquals(HealthResult.Status.WARN, watch.execute().status());
    }

    @Test
    public void isContentWithCertificatesThatLast() {
        watch.look();
        assertEquals(HealthResult.Status.OK, watch.execute().status());
        assertEquals(List.of(), told);
        assertEquals(
                List.of(ServerCertificate.Use.SERVER, ServerCertificate.Use.AUTHORITY),
                watch.list().stream().map(ServerCertificate::use).toList());
    }

    @Test
    public void renewsItsOwnWhileItRuns() {
        Instant end = watch.list().get(0).end();
        now = end.minus(Duration.ofDays(100));
        watch.look();
        assertTrue(watch.list().get(0).end().isAfter(end));
    }

    @Test
    public void tellsOnceThatTheAuthorityEndsAndOnceThatItDoesNot() {
        Instant end = watch.list().get(1).end();
        now = end.minus(Duration.ofDays(31));
        watch.look();
        assertEquals(List.of(), told);
        now = end.minus(Duration.ofDays(29));
        watch.look();
        watch.look();
        assertEquals(told.toString(), 1, told.size());
        assertEquals(HealthResult.Status.WARN, watch.execute().status());
        watch.rotateAuthority();
        watch.forgetFormerAuthority();
        watch.look();
        assertEquals(told.toString(), List.of("resolved certificate/authority"), told.subList(1, told.size()));
    }

    @Test
    public void staysWithWhatItHasWhileTheAdministratorsFilesAreWrong() throws Exception {
        List<ServerCertificate> before = watch.list();
        Path own = Files.createDirectory(data.tls().resolve("own"));
        Files.writeString(own.resolve("certificate.pem"), "half a certificate");
        watch.look();
        assertEquals(before, watch.list());
        assertEquals(HealthResult.Status.WARN, watch.execute().status());
        Files.delete(own.resolve("certificate.pem"));
        Files.delete(own);
        watch.look();
        assertEquals(HealthResult.Status.OK, watch.execute().status());
    }

    @Test
    public void looksWhenFilesHaveChangedEachHourAndWhileSomethingIsLeftToDo() throws Exception {
        ServerTls tls = new ServerTls(data, clock());
        AtomicInteger looks = new AtomicInteger();
        AtomicReference<EventLog> log = new AtomicReference<>();
        TlsWatch counted = new TlsWatch(looks::incrementAndGet, tls, clock(), log::get);
        counted.lookIfDue();
        counted.lookIfDue();
        assertEquals("nobody can be told yet", 2, looks.get());
        log.set(log());
        counted.lookIfDue();
        counted.lookIfDue();
        assertEquals(3, looks.get());
        Files.createDirectory(data.tls().resolve("own"));
        counted.lookIfDue();
        counted.lookIfDue();
        assertEquals("a folder came", 4, looks.get());
        now = now.plus(Duration.ofMinutes(61));
        counted.lookIfDue();
        counted.lookIfDue();
        assertEquals("an hour has gone", 5, looks.get());
    }

    private Clock clock() {
        return ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    }

    /** Keeps what is told. */
    private EventLog log() {
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "list":
                            String filter = String.valueOf(arguments[0]);
                            return new Page<>(
                                    open.stream()
                                            .filter(event -> filter.contains(event.subject()))
                                            .toList(),
                                    null);
                        case "record":
                            told.add((String) arguments[4]);
                            open.add(new Event(
                                    1,
                                    now,
                                    (Priority) arguments[0],
                                    "server",
                                    (String) arguments[2],
                                    (String) arguments[3],
                                    (String) arguments[4],
                                    null,
                                    false,
                                    false));
                            return open.get(open.size() - 1);
                        case "resolve":
                            told.add("resolved " + arguments[1]);
                            open.clear();
                            return null;
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }
}
