package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
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
    private boolean started = true;
    private final Readiness readiness = new Readiness(core, () -> started);
    private final CountDownLatch never = new CountDownLatch(1);

    @Before
    public void everythingIsThere() {
        core.nodes = new FakeNodes();
        readiness.bootFinished = new BootFinished() {};
        readiness.acts = check -> true;
    }

    @Test
    public void aCheckOfAPluginThatNobodyRegisteredIsNotAsked() {
        readiness.own = check -> false;
        readiness.acts = check -> check.name().equals("good");
        readiness.checks = List.of(
                check("stranger", () -> {
                    throw new IllegalStateException("asked");
                }),
                check("good", () -> new HealthResult(Status.OK, "")));
        assertEquals(List.of("boot OK", "core OK", "good OK"), readiness.now().lines());
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
    public void saysOnALineEachWhyWhatIsNotWell() {
        readiness.checks = List.of(
                check("database", () -> new HealthResult(Status.WARN, "slow\nboot OK\u001b[2J")),
                check("plugins", () -> new HealthResult(Status.OK, "all there")));
        assertEquals(
                List.of("boot OK", "core OK", "database WARN: slow boot OK [2J", "plugins OK"),
                readiness.now().linesWithReasons());
    }

    @Test
    public void isNotReadyBeforeEachBundleWasStarted() {
        started = false;
        assertFalse(readiness.now().ready());
        assertEquals(
                List.of("boot CRITICAL: bundles are being started", "core OK"),
                readiness.evaluate().linesWithReasons());
        started = true;
        assertTrue(readiness.evaluate().ready());
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
    public void aCheckOfTheServersOwnThatBreaksIsCritical() {
        readiness.own = check -> true;
        breaking().forEach((wrong, check) -> {
            readiness.checks = List.of(check);
            assertEquals(wrong, List.of(Status.CRITICAL), verdicts());
            assertFalse(wrong, readiness.now().ready());
        });
    }

    @Test
    public void aCheckOfAPluginThatBreaksIsAWarning() {
        readiness.own = check -> false;
        breaking().forEach((wrong, check) -> {
            readiness.checks = List.of(check, check("good", () -> new HealthResult(Status.OK, "")));
            assertEquals(wrong, List.of(Status.WARN, Status.OK), verdicts());
            assertTrue(wrong, readiness.now().ready());
        });
    }

    @Test
    public void noCheckHidesAnotherOfItsName() {
        HealthCheck bad = check("database", () -> new HealthResult(Status.CRITICAL, "gone"));
        HealthCheck good = check("database", () -> new HealthResult(Status.OK, ""));
        for (List<HealthCheck> order : List.of(List.of(bad, good), List.of(good, bad))) {
            readiness.checks = order;
            assertEquals(List.of(Status.CRITICAL), verdicts());
        }
    }

    /** Of the checks, evaluated anew. */
    private List<Status> verdicts() {
        return readiness.evaluate().lines().stream()
                .skip(2)
                .map(line -> Status.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }

    private Map<String, HealthCheck> breaking() {
        HealthResult fine = new HealthResult(Status.OK, "");
        return Map.of(
                "throws",
                check("bad", () -> {
                    throw new IllegalStateException("no");
                }),
                "throws an Error",
                check("bad", () -> {
                    throw new StackOverflowError();
                }),
                "answers nothing",
                check("bad", () -> null),
                "has no name",
                check(null, () -> fine),
                "has a blank name",
                check(" ", () -> fine),
                "hangs",
                check("hangs", () -> {
                    await(never);
                    return fine;
                }));
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
