package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Test;

/** When healing waits since too much is lost at once. */
public class StormTest {

    /** Machines, lost, of these lately; whether it is one already; whether it is one then. */
    private static final Object[][] TABLE = {
        {0, 0, 0, false, false},
        {1, 1, 1, false, false},
        {2, 2, 2, false, false},
        {3, 3, 3, false, true},
        {3, 2, 2, false, false},
        {8, 3, 3, false, true},
        {9, 3, 3, false, false},
        {9, 4, 4, false, true},
        {100, 33, 33, false, false},
        {100, 34, 34, false, true},
        {100, 90, 33, false, false},
        {9, 3, 3, true, true},
        {12, 3, 3, true, false},
        {100, 26, 0, true, true},
        {100, 25, 25, true, false},
        {3, 3, 0, true, true},
        {2, 2, 2, true, false},
    };

    @Test
    public void itBeginsWithMoreThanAThirdAndEndsWithAQuarter() {
        for (Object[] row : TABLE) {
            Storm.Count count = new Storm.Count((int) row[0], (int) row[1], (int) row[2]);
            assertEquals(count + " after " + row[3], row[4], Storm.now((boolean) row[3], count));
        }
    }

    @Test
    public void aHostThatIsLostWithItsPartitionsCountsOnce() {
        List<Storm.Bound> all = Stream.of(
                        Stream.of(new Storm.Bound(1, null, true, true)),
                        IntStream.range(10, 18).mapToObj(id -> new Storm.Bound(id, 1L, true, true)),
                        IntStream.range(20, 23).mapToObj(id -> new Storm.Bound(id, 2L, true, false)),
                        IntStream.range(2, 6).mapToObj(id -> new Storm.Bound(id, null, false, true)))
                .flatMap(part -> part)
                .toList();
        assertEquals(new Storm.Count(8, 4, 1), Storm.Count.of(all));
    }
}
