package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.Test;
import org.qrm.api.resource.LoadSample;

public class LoadHistoryTest {

    private static final long MINUTE = 60_000;

    private final LoadHistory history = new LoadHistory();

    @Test
    public void aMinuteHasTheMeanOfWhatWasHeardInIt() {
        history.add(1, 100 * MINUTE, 1);
        history.add(1, 100 * MINUTE + 10_000, 2);
        history.add(1, 101 * MINUTE, 0.25);
        history.add(2, 101 * MINUTE, 7);
        assertEquals(List.of(sample(100, 1.5), sample(101, 0.25)), history.of(1, 101 * MINUTE));
        assertEquals(List.of(), history.of(3, 101 * MINUTE));
    }

    @Test
    public void aMinuteWithoutAReportIsLeftOut() {
        history.add(1, 100 * MINUTE, 1);
        history.add(1, 103 * MINUTE, 2);
        assertEquals(List.of(sample(100, 1), sample(103, 2)), history.of(1, 103 * MINUTE));
        assertEquals("what is older than an hour is gone", List.of(sample(103, 2)), history.of(1, 161 * MINUTE));
        assertEquals(List.of(), history.of(1, 163 * MINUTE));
    }

    @Test
    public void oneHourIsKept() {
        LongStream.range(1, 200).forEach(minute -> history.add(1, minute * MINUTE, minute));
        assertEquals(LongStream.range(140, 200).mapToObj(m -> sample(m, m)).toList(), history.of(1, 199 * MINUTE));
        history.add(1, 400 * MINUTE, 1000);
        assertEquals("after a long silence", List.of(sample(400, 655.35)), history.of(1, 400 * MINUTE));
    }

    @Test
    public void machinesThatAreSilentAreForgotten() {
        LongStream.range(0, 1023).forEach(id -> history.add(id, 0, 1));
        history.add(5000, 500 * MINUTE, 1);
        assertEquals(List.of(), history.of(1, 0));
    }

    private static LoadSample sample(long minute, double load) {
        return new LoadSample(Instant.ofEpochMilli(minute * MINUTE), load);
    }
}
