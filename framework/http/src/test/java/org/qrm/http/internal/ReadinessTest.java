package org.qrm.http.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.Test;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.health.HealthResult.Status;

public class ReadinessTest {

    private final AtomicLong now = new AtomicLong();

    @Test
    public void reportsWhatEachCheckFound() {
        try (Readiness readiness = readiness(
                check("database", () -> new HealthResult(Status.OK, "")),
                check("dnsmasq", () -> new HealthResult(Status.WARN, "no lease left")))) {
            assertEquals(
                    List.of(new Readiness.Verdict("database", Status.OK), new Readiness.Verdict("dnsmasq", Status.WARN)),
                    readiness.verdicts());
        }
    }

    @Test
    public void holdsACheckThatThrowsForCritical() {
        try (Readiness readiness = readiness(check("broken", () -> {
            throw new IllegalStateException("broken");
        }))) {
            assertEquals(List.of(new Readiness.Verdict("broken", Status.CRITICAL)), readiness.verdicts());
        }
    }

    @Test
    public void doesNotWaitForeverForACheck() {
        CountDownLatch never = new CountDownLatch(1);
        try (Readiness readiness = readiness(check("stuck", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new HealthResult(Status.OK, "");
        }))) {
            assertEquals(List.of(new Readiness.Verdict("stuck", Status.CRITICAL)), readiness.verdicts());
        }
    }

    @Test
    public void asksAgainAfterASecondAndNotBefore() {
        AtomicInteger asked = new AtomicInteger();
        try (Readiness readiness = readiness(check("counted", () -> {
            asked.incrementAndGet();
            return new HealthResult(Status.OK, "");
        }))) {
            readiness.verdicts();
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
            readiness.verdicts();
            assertEquals(1, asked.get());
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            readiness.verdicts();
            assertEquals(2, asked.get());
        }
    }

    private Readiness readiness(HealthCheck... checks) {
        return new Readiness(List.of(checks), now::get);
    }

    private static HealthCheck check(String name, Supplier<HealthResult> answer) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public HealthResult execute() {
                return answer.get();
            }
        };
    }
}
