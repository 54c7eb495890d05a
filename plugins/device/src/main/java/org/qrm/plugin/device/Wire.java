package org.qrm.plugin.device;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.qrm.api.operation.CancelledException;

/** Carries requests to services on devices: a bounded number at a time, each with its whole answer within a limit. */
public final class Wire implements AutoCloseable {

    private static final int MOST = 32;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration FAREWELLS = Duration.ofSeconds(6);
    private static final long IDLE_SECONDS = 30;
    private static final String STOPPED = "the plug-in stops";

    private final Path authorities;
    private final ThreadPoolExecutor threads;
    private final Semaphore turns = new Semaphore(MOST, true);
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private int conversations;

    /** With a thread of its own each, so two are enough: for those whom authorities vouch for, and for those with a fingerprint. */
    private HttpClient vouched;

    private HttpClient pinning;
    private Pins pins;

    /**
     * Nothing is under way.
     *
     * @param name of its threads
     * @param authorities file with the certificates, in PEM, of those whose word counts on services without a fingerprint; null for
     *     those that the Java runtime trusts
     */
    public Wire(String name, Path authorities) {
        this.authorities = authorities;
        this.threads = threads(name);
    }

    private static ThreadPoolExecutor threads(String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), body -> {
                    Thread thread = new Thread(body, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * Sends a request, and nothing else on account of the answer.
     *
     * @throws IOException the connection broke, or came not about
     * @throws TimeoutException the answer was not there, whole, within the limit
     * @throws CancelledException interrupted, or closed
     */
    public HttpResponse<byte[]> send(HttpRequest request, Optional<Fingerprint> pinned, Duration limit)
            throws IOException, TimeoutException {
        return send(request, pinned, limit, false);
    }

    /** The same, also while it is being closed, for a conversation that has begun. */
    public HttpResponse<byte[]> sendFarewell(HttpRequest request, Optional<Fingerprint> pinned, Duration limit)
            throws IOException, TimeoutException {
        return send(request, pinned, limit, true);
    }

    private HttpResponse<byte[]> send(
            HttpRequest request, Optional<Fingerprint> pinned, Duration limit, boolean farewell)
            throws IOException, TimeoutException {
        long end = System.nanoTime() + limit.toNanos();
        try {
            if (!turns.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("no turn");
            }
            try {
                return await(client(request.uri(), pinned), request, end, farewell);
            } finally {
                turns.release();
            }
        } catch (RejectedExecutionException over) {
            throw new CancelledException(STOPPED);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }

    private HttpResponse<byte[]> await(HttpClient client, HttpRequest request, long end, boolean farewell)
            throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new BoundedBody());
        // a farewell is not ended by whoever closes, but waited for
        if (!farewell) {
            underWay.add(answer);
        }
        try {
            // whoever closes has either seen it under way, or is seen here
            if (closed && !farewell) {
                throw new CancelledException(STOPPED);
            }
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (closed && !farewell) {
                throw new CancelledException(STOPPED);
            }
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IOException(e.getCause());
        } catch (CancellationException ended) {
            throw new CancelledException(STOPPED);
        } finally {
            underWay.remove(answer);
            // closes the connection of one that has not ended
            answer.cancel(true);
        }
    }

    private synchronized HttpClient client(URI service, Optional<Fingerprint> pinned) throws IOException {
        if (pinned.isEmpty()) {
            if (vouched == null) {
                vouched = newClient(Trust.context(authorities));
            }
            return vouched;
        }
        // where another certificate counted before, a connection may be left, and is not to be used
        if (pinning == null || !pins.take(service, pinned.get())) {
            pins = new Pins();
            pins.take(service, pinned.get());
            pinning = newClient(Trust.context(pins));
        }
        return pinning;
    }

    /** A proxy is not asked: services are in a network of their own. */
    private HttpClient newClient(SSLContext trust) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT)
                .sslContext(trust)
                .executor(threads)
                .build();
    }

    /** A conversation begins; it ends with {@link #end}. */
    public synchronized void begin() {
        conversations++;
    }

    public synchronized void end() {
        conversations--;
        notifyAll();
    }

    /** Ends what is under way, and lets conversations say farewell. Clients end when nobody holds them. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(answer -> answer.cancel(true));
        awaitFarewells();
        threads.shutdown();
        synchronized (this) {
            vouched = null;
            pinning = null;
        }
    }

    private synchronized void awaitFarewells() {
        long end = System.nanoTime() + FAREWELLS.toNanos();
        try {
            for (long left = FAREWELLS.toNanos(); conversations > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
