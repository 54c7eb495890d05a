package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Many who change a thing at once, and have all seen it as it was before. */
public final class Race {

    private static final int WRITERS = 8;

    private Race() {}

    /** What one of them does. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(int number, Expected<T> expected);
    }

    /** Fails unless exactly one of them changes it, and all others hear that it has changed. */
    public static <T> void oneWins(String what, T seen, Writer<T> writer) {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger refused = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 1; i <= WRITERS; i++) {
                int number = i;
                all.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                go.await();
                                writer.write(number, still(seen));
                            } catch (Changed late) {
                                refused.incrementAndGet();
                            } catch (InterruptedException ended) {
                                throw new IllegalStateException(ended);
                            }
                        },
                        threads));
            }
            go.countDown();
            all.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
        assertEquals(what + ": those who came too late", WRITERS - 1, refused.get());
    }

    /** Fails unless somebody who has seen something else is refused. */
    public static <T> void lateIsRefused(T seen, Consumer<Expected<T>> change) {
        assertThrows(Changed.class, () -> change.accept(still(seen)));
    }

    /** Somebody who has seen that. */
    public static <T> Expected<T> still(T seen) {
        return now -> {
            if (!seen.equals(now)) {
                throw new Changed();
            }
        };
    }

    private static final class Changed extends QrmException {
        private static final long serialVersionUID = 1L;

        Changed() {
            super(new Problem(Problem.Kind.CONFLICT, "change", "it", "it has changed since it was read", "Read it."));
        }
    }
}
