package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.server.Certificates;
import org.qrm.api.server.ServerCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the certificates while the server runs: takes what the administrator has changed, renews what is its own, and tells in
 * time of an end.
 */
final class TlsWatch implements Certificates, HealthCheck, AutoCloseable {

    static final String TYPE = "certificate.ends";

    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
    private static final int PERIOD_SECONDS = 5;
    /** Opening the stores of keys is slow by intention, so that is not done each time. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private static final Duration IN_TIME = Duration.ofDays(30);
    private static final String SUBJECT = "certificate/";
    private static final String REMEDY = "docs/server.md says how to replace it.";

    private static final String MADE_AGAIN =
            "The server's authority was not there any more when it started (tls in QRM_DATA), so it made another one: machines, browsers and"
                    + " programs that trust the former one do not talk to it. Restore tls from a backup and restart; or restart the"
                    + " machines, and give the others the new tls/ca.pem: this is told until the next start.";

    private final ServerTls tls;
    private final Changing prepare;
    private final Clock clock;
    private final Supplier<EventLog> events;
    private final ScheduledExecutorService timer;

    private String seen = "";
    private Instant due = Instant.MIN;
    private volatile String trouble = "";
    private volatile List<ServerCertificate> ending = List.of();

    /**
     * Watches nothing before it is started.
     *
     * @param prepare has {@code tls} do what is to be done now
     * @param events answers null while there is no event log
     */
    TlsWatch(Changing prepare, ServerTls tls, Clock clock, Supplier<EventLog> events) {
        this.prepare = prepare;
        this.tls = tls;
        this.clock = clock;
        this.events = events;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-certificates");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        timer.scheduleWithFixedDelay(this::lookIfDue, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** When files have changed since, after an hour, and while something is left to be done. */
    void lookIfDue() {
        String now = tls.stamp();
        if (now.isEmpty() || !now.equals(seen) || !clock.instant().isBefore(due)) {
            seen = look() ? now : "";
            due = clock.instant().plus(LONGEST_PAUSE);
        }
    }

    /**
     * What is wrong stays as it was before; it is tried again.
     *
     * @return whether nothing is left to be done
     */
    boolean look() {
        String found = "";
        try {
            prepare.run();
        } catch (BadSetting wrong) {
            found = wrong.getMessage();
        } catch (IOException | GeneralSecurityException | RuntimeException wrong) {
            found = "certificates cannot be prepared: " + wrong;
        }
        if (!found.isEmpty() && !found.equals(trouble)) {
            LOG.warn("The certificates stay as they were: {}", found);
        }
        trouble = found;
        try {
            ending = list().stream()
                    .filter(each -> each.end().isBefore(clock.instant().plus(IN_TIME)))
                    .toList();
            return tell() && found.isEmpty();
        } catch (RuntimeException failed) {
            LOG.debug("The end of certificates cannot be told; trying again in {} s", PERIOD_SECONDS, failed);
            return false;
        }
    }

    /** Whether that could be done. */
    private boolean tell() {
        EventLog log = events.get();
        if (log == null) {
            return false;
        }
        for (ServerCertificate.Use use : ServerCertificate.Use.values()) {
            String subject = SUBJECT + word(use);
            List<ServerCertificate> of =
                    ending.stream().filter(each -> each.use() == use).toList();
            boolean told = !log.list(
                            Filter.by(EventField.TYPE, TYPE)
                                    .and(EventField.SUBJECT, subject)
                                    .and(EventField.RESOLVED, false),
                            new PageRequest(1, null))
                    .items()
                    .isEmpty();
            if (of.isEmpty() && told) {
                log.resolve(TYPE, subject);
            } else if (!of.isEmpty() && !told) {
                log.record(Priority.WARNING, "server", TYPE, subject, sentence(of) + " " + REMEDY, null);
            }
        }
        return true;
    }

    private String sentence(List<ServerCertificate> of) {
        return of.stream()
                .map(each -> "The certificate of " + each.subject() + " (" + word(each.use()) + ") "
                        + (each.end().isBefore(clock.instant()) ? "has ended on " : "ends on ")
                        + each.end().atZone(ZoneOffset.UTC).toLocalDate() + ".")
                .collect(Collectors.joining(" "));
    }

    private static String word(ServerCertificate.Use use) {
        return use.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String name() {
        return "certificates";
    }

    @Override
    public HealthResult execute() {
        List<ServerCertificate> now = ending;
        List<String> wrong = new ArrayList<>();
        Optional.of(trouble).filter(text -> !text.isEmpty()).ifPresent(text -> wrong.add(text + "."));
        if (tls.isMadeAgain()) {
            wrong.add(MADE_AGAIN);
        }
        if (!now.isEmpty()) {
            wrong.add(sentence(now) + " " + REMEDY);
        }
        return wrong.isEmpty()
                ? new HealthResult(HealthResult.Status.OK, "No certificate ends within 30 days.")
                : new HealthResult(HealthResult.Status.WARN, String.join(" ", wrong));
    }

    @Override
    public List<ServerCertificate> list() {
        try {
            List<List<X509Certificate>> present = tls.present();
            List<ServerCertificate> all = new ArrayList<>();
            for (X509Certificate each : present.get(0)) {
                if (!present.get(1).contains(each)) {
                    all.add(described(
                            all.isEmpty() ? ServerCertificate.Use.SERVER : ServerCertificate.Use.BETWEEN, each));
                }
            }
            for (X509Certificate each : present.get(1)) {
                all.add(described(ServerCertificate.Use.AUTHORITY, each));
            }
            return all;
        } catch (IOException | GeneralSecurityException failed) {
            throw failed("look at the certificates", failed);
        }
    }

    private static ServerCertificate described(ServerCertificate.Use use, X509Certificate certificate)
            throws GeneralSecurityException {
        return new ServerCertificate(
                use,
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getNotAfter().toInstant(),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
    }

    @Override
    public void rotateAuthority() {
        change("rotate the authority", tls::succeedAuthority);
    }

    @Override
    public void forgetFormerAuthority() {
        change("forget the former authority", tls::forgetFormerAuthority);
    }

    /** Changes files. */
    interface Changing {
        void run() throws IOException, GeneralSecurityException;
    }

    private void change(String attempted, Changing work) {
        if (tls.isOwn()) {
            throw QrmException.refused(
                    attempted,
                    "",
                    "the certificates are the administrator's, in tls/own",
                    "Replace the files there; the server takes them by itself.");
        }
        try {
            work.run();
            prepare.run();
        } catch (IOException | GeneralSecurityException failed) {
            throw failed(attempted, failed);
        }
    }

    private static QrmException failed(String attempted, Exception cause) {
        return QrmException.failed(
                attempted,
                "",
                String.valueOf(cause.getMessage()),
                "Look for room and permissions in the folder tls of QRM_DATA.",
                cause);
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
