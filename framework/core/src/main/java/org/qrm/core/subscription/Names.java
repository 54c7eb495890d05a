package org.qrm.core.subscription;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * Looks up hosts' addresses, each on a thread of its own: a name server that does not answer holds the one who asks for half a minute, and
 * that cannot be ended. A host that is being looked up is not asked for again meanwhile.
 */
final class Names implements AutoCloseable {

    private static final int MOST = 64;
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*]?");

    private final Lookup lookup;
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "qrm-names");
        thread.setDaemon(true);
        return thread;
    });

    /** How a host is looked up, which may take its time. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    Names(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Its addresses; ends with an UnknownHostException when it has none. What waits for it must not be done on this thread. */
    CompletableFuture<List<InetAddress>> of(String host) {
        if (ADDRESS.matcher(host).matches()) {
            return found(host);
        }
        if (underWay.size() >= MOST && !underWay.containsKey(host)) {
            return CompletableFuture.failedFuture(new UnknownHostException(host));
        }
        CompletableFuture<List<InetAddress>> made = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> before = underWay.putIfAbsent(host, made);
        if (before != null) {
            return before.copy();
        }
        try {
            threads.execute(() -> look(host, made));
        } catch (RejectedExecutionException closed) {
            underWay.remove(host, made);
            made.completeExceptionally(closed);
        }
        return made.copy();
    }

    private static CompletableFuture<List<InetAddress>> found(String address) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddress.getAllByName(address)));
        } catch (UnknownHostException none) {
            return CompletableFuture.failedFuture(none);
        }
    }

    private void look(String host, CompletableFuture<List<InetAddress>> into) {
        try {
            List<InetAddress> found = List.of(lookup.of(host));
            underWay.remove(host, into);
            into.complete(found);
        } catch (UnknownHostException | RuntimeException none) {
            underWay.remove(host, into);
            into.completeExceptionally(none);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        underWay.values().forEach(each -> each.completeExceptionally(new CancellationException("the server stops")));
    }
}
