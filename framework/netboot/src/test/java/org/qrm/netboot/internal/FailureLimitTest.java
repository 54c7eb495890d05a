package org.qrm.netboot.internal;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class FailureLimitTest {

    private final AtomicLong now = new AtomicLong();
    private final FailureLimit limit = new FailureLimit(3, 1, 2, now::get);

    @Test
    public void listensUntilTheBurstIsUsedUp() {
        fail("a", 2);
        assertFalse(limit.exhausted("a"));
        fail("a", 1);
        assertTrue(limit.exhausted("a"));
        assertFalse(limit.exhausted("b"));
    }

    @Test
    public void forgivesWithTime() {
        fail("a", 10);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertFalse(limit.exhausted("a"));
        fail("a", 1);
        assertTrue(limit.exhausted("a"));
    }

    @Test
    public void keepsItsTableBounded() {
        fail("a", 3);
        fail("b", 3);
        fail("c", 3);
        int known = 0;
        for (String address : new String[] {"a", "b", "c"}) {
            known += limit.exhausted(address) ? 1 : 0;
        }
        assertTrue("" + known, known <= 2);
        assertTrue(limit.exhausted("c"));
    }

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            limit.failed(address);
        }
    }
}
