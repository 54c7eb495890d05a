package org.qrm.http.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.servlet.Filter;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps connections from using up the server. There are so many as its memory bears, and so many of one address; when there is
 * one more, that which has been waiting longest without asking for anything gives way, a stranger's before that of somebody who has
 * proven who he is. Whoever opens one has some seconds to say what he wants.
 */
@Component(
        service = {Filter.class, HealthCheck.class},
        immediate = true)
@HttpWhiteboardFilterName("qrm-connections")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
public final class Connections extends JettyFilter implements Connection.Listener, HttpChannel.Listener, HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** One over TLS with a long head. */
    private static final long BYTES_EACH = 40 * 1024;

    /** What the server lives on. */
    private static final long BYTES_OF_SERVER = 96L * 1024 * 1024;

    private static final long LEAST = 256;

    /** Of one address: some browsers and programs behind it. */
    private static final int MOST_OF_SOURCE = 100;

    /** For the handshake and the head of a request, from its first byte on. */
    private static final int HEAD_SECONDS = 15;

    private static final int TELL_SECONDS = 60;

    private static final String CALLER = "caller";
    private static final String KNOWN = "known";
    private static final String STRANGER = "stranger";

    private final int most;
    private final int mostOfSource;
    private final int headSeconds;
    private final int tellSeconds;
    private final Networks shared;
    private final ScheduledExecutorService timer;
    private final Map<EndPoint, Held> all = new ConcurrentHashMap<>();
    private final Map<String, Integer> ofSource = new ConcurrentHashMap<>();
    private final AtomicLong places = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile String lastEnded = "";
    /** Seconds in which this server ran: it stands still while the process is paused, as nobody could be heard then. */
    private volatile long now;

    private long lastTick = System.nanoTime();
    private volatile String told = "";
    private volatile Family<Counter> refusals = Metrics.NONE.counter("", "");

    @Activate
    public Connections(@Reference ServerSettings settings) {
        this(
                (int) Math.max(LEAST, (Runtime.getRuntime().maxMemory() - BYTES_OF_SERVER) / BYTES_EACH),
                MOST_OF_SOURCE,
                HEAD_SECONDS,
                TELL_SECONDS,
                new Networks(Stream.concat(settings.nodeNat().stream(), settings.trustedProxies().stream())
                        .toList()));
    }

    /** @param shared addresses behind which there are many, which are not counted by address */
    Connections(int most, int mostOfSource, int headSeconds, int tellSeconds, Networks shared) {
        this.most = most;
        this.mostOfSource = mostOfSource;
        this.headSeconds = headSeconds;
        this.tellSeconds = tellSeconds;
        this.shared = shared;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-connections");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Deactivate
    void stop() {
        timer.shutdown();
        Server jetty = server();
        if (jetty != null) {
            for (Connector connector : jetty.getConnectors()) {
                ((AbstractConnector) connector).removeBean(this);
            }
        }
    }

    @Override
    void met(Server jetty) {
        for (Connector connector : jetty.getConnectors()) {
            if (connector instanceof AbstractConnector some) {
                some.addBean(this, false);
            }
        }
        timer.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** A connection of the network. */
    private final class Held {
        private final EndPoint endPoint;
        private final String source;
        private volatile Connection http;
        /** Whether somebody asked on it who has proven who he is. */
        private volatile boolean known;

        private volatile boolean asks;
        /** Its place among those that wait for a request, and how much had been read of it when it began to. */
        private volatile long place = places.incrementAndGet();

        private volatile long bytes;
        /** When the first byte of a further request was seen, or -1. */
        private volatile long began = now;

        Held(EndPoint endPoint, String source) {
            this.endPoint = endPoint;
            this.source = source;
        }

        String caller() {
            return known ? KNOWN : STRANGER;
        }

        void asks() {
            asks = true;
        }

        void waits() {
            bytes = http == null ? 0 : http.getBytesIn();
            began = -1;
            place = places.incrementAndGet();
            asks = false;
        }

        boolean hasBegun() {
            return http != null && http.getBytesIn() != bytes;
        }

        /** Whether a request has begun, or should have by now, and does not come to the end of its head. */
        boolean isLate() {
            if (asks) {
                return false;
            }
            if (began < 0 && hasBegun()) {
                began = now;
            }
            return began >= 0 && now - began > headSeconds;
        }
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint endPoint = connection.getEndPoint();
        if (endPoint instanceof SslConnection.DecryptedEndPoint inner) {
            Held held = all.get(inner.getSslConnection().getEndPoint());
            if (held != null) {
                held.http = connection;
            }
            return;
        }
        InetSocketAddress address = endPoint.getRemoteAddress();
        if (address == null || address.getAddress() == null) {
            return;
        }
        Held held = new Held(endPoint, source(address.getAddress()));
        if (!(connection instanceof SslConnection)) {
            held.http = connection;
        }
        all.put(endPoint, held);
        int same = ofSource.merge(held.source, 1, Integer::sum);
        if (same > mostOfSource && !shared.contains(address.getAddress())) {
            giveWay(held, other -> other.source.equals(held.source));
        } else if (all.size() > most) {
            giveWay(held, other -> true);
        }
        opened.incrementAndGet();
    }

    /** The one of those that has waited longest is closed, or the new one, when all others are being answered. */
    private void giveWay(Held added, Predicate<Held> those) {
        Optional<Held> longest = all.values().stream()
                .filter(held -> held != added && !held.asks && those.test(held))
                .min(Comparator.comparing((Held held) -> held.known).thenComparingLong(held -> held.place));
        count(longest.orElse(added), "place");
        end(longest.orElse(added));
    }

    private void count(Held held, String reason) {
        lastEnded = held.source;
        ended.incrementAndGet();
        refusals.with(held.caller(), reason).increment();
    }

    private void end(Held held) {
        held.endPoint.close();
        forget(held.endPoint);
    }

    @Override
    public void onClosed(Connection connection) {
        forget(connection.getEndPoint());
    }

    private void forget(EndPoint endPoint) {
        Held held = all.remove(endPoint);
        if (held != null) {
            ofSource.computeIfPresent(held.source, (source, count) -> count > 1 ? count - 1 : null);
        }
    }

    @Override
    public void onRequestBegin(Request request) {
        held(request).ifPresent(Held::asks);
    }

    @Override
    public void onComplete(Request request) {
        held(request).ifPresent(held -> {
            held.known |= isOfSomebodyKnown(request);
            held.waits();
        });
    }

    /** Whether that was answered as only those are who have proven who they are. */
    private static boolean isOfSomebodyKnown(Request request) {
        String path = String.valueOf(request.getRequestURI());
        // whoever registers has a token that each boot loader is given
        boolean guarded = path.startsWith("/api/") || path.startsWith("/node/") && !path.endsWith("/register");
        return guarded && request.getResponse().getStatus() / 100 == 2;
    }

    private Optional<Held> held(Request request) {
        EndPoint endPoint = request.getHttpChannel().getEndPoint();
        return Optional.ofNullable(all.get(
                endPoint instanceof SslConnection.DecryptedEndPoint inner
                        ? inner.getSslConnection().getEndPoint()
                        : endPoint));
    }

    /** An IPv4 address, or a network of IPv6: who has one address there has all. */
    private static String source(InetAddress address) {
        byte[] octets = address.getAddress();
        try {
            return octets.length == 4
                    ? address.getHostAddress()
                    : InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(octets, 8), octets.length))
                                    .getHostAddress() + "/64";
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void tick() {
        try {
            long at = System.nanoTime();
            boolean paused = TimeUnit.NANOSECONDS.toSeconds(at - lastTick) > 2;
            lastTick = at;
            if (!paused) {
                now++;
            }
            all.values().stream().filter(Held::isLate).forEach(this::endLate);
            if (now % tellSeconds == 0) {
                tell();
            }
        } catch (RuntimeException failed) {
            LOG.warn("Could not look after the connections", failed);
        }
    }

    private void endLate(Held held) {
        // browsers open some that they do not use
        if (held.hasBegun()) {
            count(held, "late");
        }
        end(held);
    }

    private void tell() {
        int some = ended.getAndSet(0);
        told = some == 0
                ? ""
                : some + " connections that asked for nothing were ended within a minute, the last of " + lastEnded
                        + "; there are " + all.size() + " of " + most
                        + ". Look what is there, and keep it from the provisioning network";
        if (some > 0) {
            LOG.warn("{}", told);
        }
    }

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public HealthResult execute() {
        return told.isEmpty()
                ? new HealthResult(HealthResult.Status.OK, all.size() + " of " + most + " connections")
                : new HealthResult(HealthResult.Status.WARN, told);
    }

    /** Has them counted from now on. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "countNoMore")
    void measure(Metrics metrics) {
        metrics.gauges(
                "qrm_connections",
                "Connections over HTTP and HTTPS, of strangers and of those who have proven who they are.",
                CALLER,
                this::byCaller);
        metrics.gauge("qrm_connections_max", "How many there may be.", () -> most);
        metrics.counted("qrm_connections_opened_total", "Connections that were opened.", this::opened);
        refusals = metrics.counter(
                "qrm_connections_ended_total",
                "Connections that the server ended: they gave way to another one (place), or did not say in time what they"
                        + " want (late).",
                CALLER,
                "reason");
        for (String caller : List.of(KNOWN, STRANGER)) {
            for (String reason : List.of("place", "late")) {
                refusals.with(caller, reason);
            }
        }
    }

    void countNoMore(Metrics gone) {
        refusals = Metrics.NONE.counter("", "");
    }

    private Map<String, Integer> byCaller() {
        int known = (int) all.values().stream().filter(held -> held.known).count();
        return Map.of(KNOWN, known, STRANGER, Math.max(0, all.size() - known));
    }

    /** How many there are. */
    int size() {
        return all.size();
    }

    /** How many there were. */
    long opened() {
        return opened.get();
    }
}
