package org.qrm.core.subscription;

import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.qrm.api.Name;

/**
 * Sends events by HTTP/1.1. A receiver that is slow costs a connection, and no thread; each has the same time for its whole
 * answer, of which nothing but the status is kept.
 */
final class Sender implements AutoCloseable {

    private static final int LONGEST_WORDS = 200;
    private static final int GONE = 410;

    /**
     * What came of it.
     *
     * @param status 0 without an answer
     * @param failure why it was not taken; empty when it was
     */
    record Outcome(int status, String failure) {

        boolean accepted() {
            return failure.isEmpty();
        }

        /** The receiver wants no more, ever. */
        boolean gone() {
            return status == GONE;
        }
    }

    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private final HttpClient client;
    private final Duration whole;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final String agent;

    /**
     * @param threads the client's
     * @param timer ends what takes too long
     * @param whole for all of an answer
     * @param version of this server
     */
    Sender(
            SSLContext trusting,
            Executor threads,
            ScheduledExecutorService timer,
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
        this.timer = timer;
        this.whole = whole;
        this.clock = clock;
        this.agent = "QRM/" + version;
    }

    /** @param key null to sign nothing */
    CompletionStage<Outcome> send(URI target, CloudEvent event, SigningKey key) {
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
        try {
            return limited(client.sendAsync(request.build(), head -> new DiscardedBody()));
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(new Outcome(0, "the server stops"));
        }
    }

    private CompletionStage<Outcome> limited(CompletableFuture<HttpResponse<Void>> answer) {
        underWay.add(answer);
        // closes the connection of one that has not ended
        ScheduledFuture<?> end = timer.schedule(() -> answer.cancel(true), whole.toMillis(), TimeUnit.MILLISECONDS);
        return answer.handle((response, failed) -> {
            underWay.remove(answer);
            end.cancel(false);
            return failed == null ? of(response.statusCode()) : new Outcome(0, why(failed));
        });
    }

    /** Ends what is under way; the threads and the timer take nothing new any more. */
    @Override
    public void close() {
        underWay.forEach(answer -> answer.cancel(true));
    }

    private static Outcome of(int status) {
        return switch (status / 100) {
            case 2 -> new Outcome(status, "");
            case 3 -> new Outcome(status, "it answered " + status + ", and redirects are not followed");
            default -> new Outcome(status, "it answered " + status);
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
