package org.qrm.rest.internal.noun;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.rest.internal.services.ApiServices;

/** Asks a storage type's plug-in about a server, without trusting it to come back in time. */
final class StorageProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int AT_ONCE = 4;

    private final ApiServices services;
    private final Semaphore places = new Semaphore(AT_ONCE);

    StorageProbe(ApiServices services) {
        this.services = services;
    }

    StorageCheckView check(StorageServer server) throws InterruptedException {
        StorageType type = services.storageType(server.type());
        try {
            StorageFacts facts = inTime(server, type);
            return new StorageCheckView(true, facts.implementation(), facts.freeBytes(), "", "", authorizedKey());
        } catch (QrmException e) {
            Problem problem = e.problem();
            return new StorageCheckView(false, null, null, problem.reason(), problem.remedy(), authorizedKey());
        }
    }

    private StorageFacts inTime(StorageServer server, StorageType type) throws InterruptedException {
        if (!places.tryAcquire()) {
            throw problem(
                    Problem.Kind.UNAVAILABLE, server, "too many checks run at once", "Try again in a moment.", null);
        }
        FutureTask<StorageFacts> task = new FutureTask<>(() -> type.probe(server, new Call()));
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        places.release();
                    }
                },
                "qrm-storage-check " + server.name());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw problem(
                    Problem.Kind.TIMEOUT,
                    server,
                    "it did not answer within " + PATIENCE.toSeconds() + " s",
                    "Check that " + server.managementAddress() + " is on and can be reached.",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QrmException known) {
                throw known;
            }
            throw problem(Problem.Kind.FAILED, server, "the plug-in failed: " + e.getCause(), "", e.getCause());
        }
    }

    private String authorizedKey() {
        try {
            return services.remoteCommands().authorizedKey();
        } catch (QrmException e) {
            return null;
        }
    }

    private static QrmException problem(
            Problem.Kind kind, StorageServer server, String reason, String remedy, Throwable cause) {
        return new QrmException(new Problem(kind, "check storage server", server.name(), reason, remedy), cause);
    }

    /** A check keeps no log and shows no progress. */
    private static final class Call implements WorkContext {
        private final Instant deadline = Instant.now().plus(PATIENCE);

        @Override
        public Instant deadline() {
            return deadline;
        }

        @Override
        public void progress(double fraction, String doing) {}

        @Override
        public void log(String line) {}

        @Override
        public void checkpoint() {
            if (Thread.currentThread().isInterrupted() || Instant.now().isAfter(deadline)) {
                throw new CancelledException("the check took too long");
            }
        }
    }
}
