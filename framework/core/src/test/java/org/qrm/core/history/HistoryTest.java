package org.qrm.core.history;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.Test;
import org.qrm.api.resource.LoadSample;
import org.qrm.core.history.History.Heard;

public class HistoryTest {

    private static final long MINUTE = 60_000;

    private final History history = new History();

    @Test
    public void aMinuteHasTheMeanOfWhatWasHeardInIt() {
        add(1, 100 * MINUTE, 1);
        add(1, 100 * MINUTE + 10_000, 2);
        add(1, 101 * MINUTE, 0.25);
        add(2, 101 * MINUTE, 7);
        assertEquals(List.of(sample(100, 1.5), sample(101, 0.25)), history.load(1, 101 * MINUTE));
        assertEquals(List.of(), history.load(3, 101 * MINUTE));
    }

    @Test
    public void aMinuteWithoutAReportIsLeftOut() {
        add(1, 100 * MINUTE, 1);
        add(1, 103 * MINUTE, 2);
        assertEquals(List.of(sample(100, 1), sample(103, 2)), history.load(1, 103 * MINUTE));
        assertEquals("what is older than an hour is gone", List.of(sample(103, 2)), history.load(1, 161 * MINUTE));
        assertEquals(List.of(), history.load(1, 163 * MINUTE));
    }

    @Test
    public void oneHourIsKept() {
        LongStream.range(1, 200).forEach(minute -> add(1, minute * MINUTE, minute / 10.0));
        assertEquals(
                LongStream.range(140, 200).mapToObj(m -> sample(m, m / 10.0)).toList(), history.load(1, 199 * MINUTE));
        add(1, 400 * MINUTE, 1);
        assertEquals("after a long silence", List.of(sample(400, 1)), history.load(1, 400 * MINUTE));
    }

    @Test
    public void machinesThatAreSilentAreForgotten() {
        LongStream.range(0, 1023).forEach(id -> add(id, 0, 1));
        add(5000, 500 * MINUTE, 1);
        assertEquals(List.of(5000L), history.machines());
    }

    @Test
    public void ratesAreThoseBetweenTwoReportsOfABoot() {
        counts(100 * MINUTE, 1_000_000);
        assertTrue("the first one tells of no time", Double.isNaN(received(100)));
        counts(100 * MINUTE + 10_000, 1_000_000 + 20 * 1024);
        assertEquals(2, received(100), 0);
        counts(101 * MINUTE, 5);
        assertTrue("it booted, and counts anew", Double.isNaN(received(101)));
        counts(101 * MINUTE + 1000, 5 + 4096);
        assertEquals(4, received(101), 0);
        counts(102 * MINUTE, -1);
        counts(102 * MINUTE + 1000, 7);
        assertTrue("it does not always tell", Double.isNaN(received(102)));
    }

    private double received(long minute) {
        return history.minutes(1, minute - 1, minute).get(0).values()[Series.RECEIVED.ordinal()];
    }

    private void counts(long millis, long received) {
        history.add(1, millis, new Heard(true, 0, 0, received, received));
    }

    private void add(long resource, long millis, double load) {
        history.add(resource, millis, new Heard(true, load, 0, -1, -1));
    }

    private static LoadSample sample(long minute, double load) {
        return new LoadSample(Instant.ofEpochMilli(minute * MINUTE), load);
    }
}
