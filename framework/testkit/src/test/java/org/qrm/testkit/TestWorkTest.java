package org.qrm.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;
import org.qrm.api.operation.CancelledException;

public class TestWorkTest {

    private final TestWork work = new TestWork();

    @Test
    public void remembersWhatItIsTold() {
        work.log("begins");
        work.progress(0.5, "half");
        work.checkpoint();
        assertEquals(List.of("begins"), work.log());
        assertEquals(List.of(0.5), work.fractions());
        assertEquals(List.of("half"), work.doings());
        assertEquals(3, work.touches());
    }

    @Test
    public void endsWhenItIsToldTo() {
        work.cancelledAt(2);
        work.checkpoint();
        assertThrows(CancelledException.class, work::checkpoint);
        assertThrows(CancelledException.class, () -> new TestWork().cancel().checkpoint());
        assertThrows(
                CancelledException.class,
                () -> new TestWork().within(Duration.ZERO).checkpoint());
    }

    @Test
    public void staysDeadOnceItDied() {
        work.dyingAt(2);
        work.checkpoint();
        assertThrows(ServerDied.class, () -> work.log("line"));
        assertThrows(ServerDied.class, work::checkpoint);
        assertTrue(work.isDead());
    }

    @Test
    public void letsTimePassWithoutWaiting() {
        work.within(Duration.ofHours(2)).skippingPauses();
        work.pause(Duration.ofHours(1));
        assertTrue(work.deadline().isBefore(Instant.now().plus(Duration.ofHours(1))));
        work.pause(Duration.ofHours(1));
        assertThrows(CancelledException.class, work::checkpoint);
    }

    @Test
    public void takesNoNonsense() {
        for (double fraction : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThrows(AssertionError.class, () -> work.progress(fraction, "working"));
        }
        assertThrows(AssertionError.class, () -> work.progress(0, null));
        assertThrows(AssertionError.class, () -> work.log(null));
    }
}
