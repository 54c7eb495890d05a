package org.qrm.core.subscription;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.qrm.api.Name;
import org.qrm.api.event.Event;
import org.qrm.api.subscription.SubscriptionSpec;

/**
 * Sends events by HTTP/1.1. A receiver that is slow costs a connection, and no thread; each has the same time for its whole
 * answer, of which nothing but the status is kept.
 */
final class Webhooks implements Channel {

    private static final int LONGEST_WORDS = 200;
    private static final int GONE = 410;

    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private final HttpClient client;
    private final Names names;
    private final Executor threads;
    private final Supplier<String> origin;
    private final Duration whole;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final String agent;

    /**
     * @param threads the client's
     * @param timer ends what takes too long
     * @param origin tells the events of this log from those of others
     * @param whole for all of an answer
     * @param version of this server
     */
    Webhooks(
            SSLContext trusting,
            Names names,
            Executor threads,
            ScheduledExecutorService timer,
            Supplier<String> origin,
            Duration whole,
            Clock clock,
            String version) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(whole)
                .sslContext(trusting)
                .executor(threads)
                .build();
        this.names = names;
        this.threads = threads;
        this.origin = origin;
        this.timer = timer;
        this.whole = whole;
        this.clock = clock;
        this.agent = "QRM/" + version;
    }

    @Override
    public int most() {
        return 1;
    }

    @Override
    public Duration gathers() {
        return Duration.ZERO;
    }

    @Override
    public Duration rests() {
        return Duration.ZERO;
    }

    @Override
    public CompletionStage<Outcome> send(SubscriptionSpec to, String secret, List<Event> events) {
        URI target = URI.create(to.target());
        CloudEvent event = CloudEvent.of(origin.get(), events.get(0));
        SigningKey key = secret == null ? null : SigningKey.of("sign", to.name(), secret);
        // the client looks it up once more, and finds it remembered
        return names.of(asked(target))
                .orTimeout(whole.toMillis(), TimeUnit.MILLISECONDS)
                .thenComposeAsync(found -> send(target, event, key), threads)
                .exceptionally(this::unsent);
    }

    private Outcome unsent(Throwable failed) {
        Throwable cause =
                failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        if (cause instanceof TimeoutException) {
            return Outcome.failed(0, "its host's address was not known within " + whole.toSeconds() + " s");
        }
        if (cause instanceof RejectedExecutionException || cause instanceof CancellationException) {
            return Outcome.failed(0, "the server stops");
        }
        return cause instanceof IllegalArgumentException
                ? Outcome.failed(0, "it cannot be sent anything")
                : Outcome.failed(0, why(cause));
    }

    /** The host that is connected to. */
    private static String asked(URI target) {
        return ProxySelector.getDefault().select(target).stream()
                .map(Proxy::address)
                .filter(InetSocketAddress.class::isInstance)
                .map(proxy -> ((InetSocketAddress) proxy).getHostString())
                .findFirst()
                .orElse(target.getHost());
    }

    private CompletionStage<Outcome> send(URI target, CloudEvent event, SigningKey key) {
        long now = clock.instant().getEpochSecond();
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .header("Content-Type", CloudEvent.MEDIA_TYPE)
                .header("User-Agent", agent)
                .header("webhook-id", event.id())
                .header("webhook-timestamp", String.valueOf(now))
                .POST(HttpRequest.BodyPublishers.ofByteArray(event.body()));
        if (key != null) {
            request.header("webhook-signature", key.sign(event.id(), now, event.body()));
        }
        return limited(client.sendAsync(request.build(), head -> new DiscardedBody()));
    }

    private CompletionStage<Outcome> limited(CompletableFuture<HttpResponse<Void>> answer) {
        underWay.add(answer);
        // closes the connection of one that has not ended
        ScheduledFuture<?> end = timer.schedule(() -> answer.cancel(true), whole.toMillis(), TimeUnit.MILLISECONDS);
        return answer.handle((response, failed) -> {
            underWay.remove(answer);
            end.cancel(false);
            return failed == null ? of(response.statusCode()) : Outcome.failed(0, why(failed));
        });
    }

    /** Ends what is under way; the threads and the timer take nothing new any more. */
    @Override
    public void close() {
        underWay.forEach(answer -> answer.cancel(true));
    }

    private static Outcome of(int status) {
        return switch (status / 100) {
            case 2 -> Outcome.taken(status);
            case 3 -> Outcome.failed(status, "it answered " + status + ", and redirects are not followed");
            default -> new Outcome(status, "it answered " + status, status == GONE, "");
        };
    }

    private String why(Throwable failed) {
        Throwable cause =
                failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        if (cause instanceof CancellationException || cause instanceof HttpConnectTimeoutException) {
            return "its answer was not there, whole, within " + whole.toSeconds() + " s";
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof UnresolvedAddressException || each instanceof UnknownHostException) {
                return "its host has no address";
            }
            if (each instanceof SSLException) {
                return "TLS with it failed: " + words(each);
            }
        }
        return cause instanceof ConnectException ? "nothing listens there" : "the connection broke: " + words(cause);
    }

    private static String words(Throwable failure) {
        String said = failure.getMessage();
        return Name.printable(said == null ? failure.getClass().getSimpleName() : said, LONGEST_WORDS);
    }
}
