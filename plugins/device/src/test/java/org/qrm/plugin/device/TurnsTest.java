package org.qrm.plugin.device;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class TurnsTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Turns turns = new Turns(2);

    @Test
    public void letsInOneForEachPlace() throws InterruptedException {
        assertTrue(turns.begin("10.0.0.1", SOON));
        assertFalse(turns.begin("10.0.0.1", SOON));
        assertTrue(turns.begin("10.0.0.2", SOON));
    }

    @Test
    public void letsInNoMoreThanItMay() throws InterruptedException {
        assertTrue(turns.begin("10.0.0.1", SOON));
        assertTrue(turns.begin("10.0.0.2", SOON));
        assertFalse(turns.begin("10.0.0.3", SOON));
        turns.end("10.0.0.1");
        assertTrue(turns.begin("10.0.0.3", SOON));
    }

    @Test
    public void letsInWhoWaitsWhenATurnEnds() throws InterruptedException {
        assertTrue(turns.begin("10.0.0.1", SOON));
        CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(() -> {
            try {
                return turns.begin("10.0.0.1", LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        turns.end("10.0.0.1");
        assertTrue(next.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join());
    }
}
