package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.karaf.features.BootFinished;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.health.HealthResult.Status;

public class ReadinessTest {

    private final Core core = new Core();
    private final Readiness readiness = new Readiness(core);

    @Before
    public void everythingIsThere() {
        core.nodes = new FakeNodes();
        readiness.bootFinished = new BootFinished() {};
    }

    @After
    public void stop() {
        readiness.stop();
    }

    @Test
    public void isReadyWhenNothingIsCritical() {
        readiness.checks = List.of(check("database", () -> new HealthResult(Status.WARN, "slow")));
        assertTrue(readiness.now().ready());
        assertEquals(
                List.of("boot OK", "core OK", "database WARN"), readiness.now().lines());
    }

    @Test
    public void isNotReadyBeforeTheCoreIsThere() {
        core.nodes = null;
        assertFalse(readiness.now().ready());
    }

    @Test
    public void isNotReadyBeforeTheServerHasBooted() {
        readiness.bootFinished = null;
        assertFalse(readiness.now().ready());
    }

    @Test
    public void takesAThrowingCheckAsCritical() {
        readiness.checks = List.of(check("bad", () -> {
            throw new IllegalStateException("no");
        }));
        assertEquals(
                List.of("boot OK", "core OK", "bad CRITICAL"), readiness.now().lines());
    }

    @Test
    public void doesNotWaitForACheckThatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        readiness.checks = List.of(check("hangs", () -> {
            await(never);
            return new HealthResult(Status.OK, "");
        }));
        assertEquals(
                List.of("boot OK", "core OK", "hangs CRITICAL"), readiness.now().lines());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HealthCheck check(String name, Supplier<HealthResult> result) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public HealthResult execute() {
                return result.get();
            }
        };
    }
}
