package org.qrm.core.partition;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.PartitionSize;

public class RoomTest {

    /** 4096 MiB, of which 512 are the host's own; 3584 are free; 16 more go to each partition. */
    private static final HostCapacity HOST = new HostCapacity(4, 2400, 4096, 512, 3584, 16);

    @Test
    public void whatFillsTheHostToTheLastMebibyteFits() {
        fit(0, 7, new PartitionSize(1, 700, 496));
    }

    @Test
    public void oneMebibyteTooManyIsRefusedWithTheFigures() {
        Problem refused = refused(0, 7, new PartitionSize(1, 700, 497));
        assertEquals(
                "3591 MiB are needed (7 × (497 + 16 of overhead)), 3584 MiB are free of 4096 beside 512 for the host itself",
                refused.reason());
        assertEquals("Up to 6 of this size fit; create fewer, or smaller ones.", refused.remedy());
    }

    @Test
    public void whatIsPromisedToOthersIsNotGivenTwice() {
        Problem refused = refused(3000, 1, new PartitionSize(1, 0, 1024));
        assertEquals(
                "1040 MiB are needed (1 × (1024 + 16 of overhead)), 584 MiB are free of 4096 beside 512 for the host itself,"
                        + " after 3000 MiB for partitions that are being created",
                refused.reason());
        assertEquals("Give less memory, or remove other partitions of this host.", refused.remedy());
        refused(1_000_000, 1, new PartitionSize(1, 0, 1));
    }

    @Test
    public void noPartitionHasMoreCpusOrMoreSpeedThanItsHost() {
        fit(0, 1, new PartitionSize(4, 2400, 256));
        assertEquals(
                "5 CPUs were asked for, the host has 4",
                refused(0, 1, new PartitionSize(5, 0, 256)).reason());
        assertEquals(
                "2401 MHz were asked for, a CPU of the host has 2400",
                refused(0, 1, new PartitionSize(1, 2401, 256)).reason());
    }

    @Test
    public void sizesAreLimitedBeforeAnyHostIsAsked() {
        Room.checkSize("create", "host", new PartitionSize(1, 0, 1));
        Room.checkSize("create", "host", new PartitionSize(512, Integer.MAX_VALUE, 16_777_216));
        PartitionSize[] wrong = {
            new PartitionSize(0, 0, 1),
            new PartitionSize(-1, 0, 1),
            new PartitionSize(513, 0, 1),
            new PartitionSize(1, -1, 1),
            new PartitionSize(1, 0, 0),
            new PartitionSize(1, 0, 16_777_217),
            new PartitionSize(1, 0, Long.MAX_VALUE),
        };
        for (PartitionSize size : wrong) {
            QrmException refused =
                    assertThrows(size.toString(), QrmException.class, () -> Room.checkSize("create", "host", size));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
    }

    @Test
    public void thereAreOneTo64AtOnce() {
        Room.checkCount("create", "host", 1);
        Room.checkCount("create", "host", 64);
        for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 65, Integer.MAX_VALUE}) {
            assertThrows(QrmException.class, () -> Room.checkCount("create", "host", count));
        }
    }

    private static void fit(long promised, int count, PartitionSize size) {
        Room.checkFit("create", "host", HOST, promised, count, size);
    }

    private static Problem refused(long promised, int count, PartitionSize size) {
        Problem problem = assertThrows(QrmException.class, () -> fit(promised, count, size))
                .problem();
        assertEquals(Problem.Kind.REFUSED, problem.kind());
        return problem;
    }
}
