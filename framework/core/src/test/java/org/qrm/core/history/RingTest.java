package org.qrm.core.history;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.Test;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;
import org.qrm.core.history.Ring.Together;

public class RingTest {

    /** A minute at which steps of all spans begin. */
    private static final long START = 5_000L * 5760;

    private static final double NOT_TOLD = Double.NaN;

    private final Ring ring = new Ring(Together.MEAN);

    @Test
    public void eachSpanHasItsStepsAndTheirMeans() {
        // a year and a bit, load 1 in even minutes and 3 in odd ones
        long last = START + 390L * 24 * 60 - 1;
        for (long quarter = START; quarter < last; quarter += 15) {
            ring.add(LongStream.range(quarter, quarter + 15)
                    .mapToObj(minute -> minute(minute, 1 + minute % 2 * 2))
                    .toList());
        }
        for (HistorySpan span : HistorySpan.values()) {
            List<HistorySample> samples = ring.of(span, last);
            assertEquals(span.toString(), span.steps(), samples.size());
            long step = span.step().toMinutes();
            assertEquals(
                    Instant.ofEpochSecond(last / step * step * 60),
                    samples.get(samples.size() - 1).from());
            for (HistorySample sample : samples) {
                assertEquals(span + " " + sample, 2, sample.load(), span == HistorySpan.HOUR ? 1 : 0.1);
                assertEquals(span + " " + sample, 1, sample.heard(), 0);
            }
        }
    }

    @Test
    public void minutesWithoutAReportCountForNothing() {
        ring.add(List.of(minute(START, 2), minute(START + 1, 4), minute(START + 14, 6)));
        HistorySample quarter = ring.of(HistorySpan.DAY, START + 15).get(0);
        assertEquals(4, quarter.load(), 0);
        assertEquals(3 / 15.0, quarter.heard(), 0);
        assertEquals(
                "of what has gone by of a step",
                3 / 30.0,
                ring.of(HistorySpan.WEEK, START + 30).get(0).heard(),
                0);
        ring.add(List.of(minute(START + 16, 8)));
        assertEquals(
                "each minute alike",
                5,
                ring.of(HistorySpan.YEAR, START + 17).get(0).load(),
                0);
        assertEquals(2, ring.of(HistorySpan.DAY, START + 17).size());
    }

    @Test
    public void whatWasSilentForLongHasNothingLeft() {
        ring.add(List.of(minute(START, 2)));
        for (HistorySpan span : HistorySpan.values()) {
            long over = span.step().toMinutes() * span.steps();
            assertEquals(1, ring.of(span, START + over - 1).size());
            assertEquals(span.toString(), 0, ring.of(span, START + over).size());
        }
        long later = START + 400L * 24 * 60;
        ring.add(List.of(minute(later, 7)));
        for (HistorySpan span : HistorySpan.values()) {
            assertEquals(1, ring.of(span, later).size());
            assertEquals(7, ring.of(span, later).get(0).load(), 0);
        }
    }

    @Test
    public void whatTwoServersHeardInAMinuteIsOneMachineOrAllOfThem() {
        ring.add(List.of(minute(START, 2)));
        ring.add(List.of(minute(START + 3, 2)));
        ring.add(List.of(minute(START, 4)));
        assertEquals(3, ring.of(HistorySpan.HOUR, START + 4).get(0).load(), 0);
        Ring all = new Ring(Together.SUM);
        all.add(List.of(minute(START, 2)));
        all.add(List.of(minute(START, 4)));
        assertEquals(6, all.of(HistorySpan.DAY, START + 4).get(0).load(), 0);
    }

    @Test
    public void aClockThatWasSetBackDoesNotEndIt() {
        ring.add(List.of(minute(START - 3 * 5760, 1)));
        ring.add(List.of(minute(START, 2)));
        ring.add(List.of(minute(START + 100_000, 9)));
        ring.add(List.of(minute(START + 1, 3)));
        assertEquals(START + 1, ring.latest());
        assertEquals(List.of(1.0, 3.0), loads(HistorySpan.YEAR));
        ring.add(List.of(minute(START + 2, 5)));
        assertEquals(List.of(3.0, 5.0), loads(HistorySpan.HOUR));
    }

    private List<Double> loads(HistorySpan span) {
        return ring.of(span, START + 3).stream().map(HistorySample::load).toList();
    }

    @Test
    public void whatIsWrittenIsReadAgain() {
        Random random = new Random(7);
        long minute = START;
        for (int i = 0; i < 3000; i++) {
            minute += 1 + random.nextInt(40);
            ring.add(List.of(new Minute(minute, new double[] {1, 0, random.nextInt(900) / 100.0, 512, NOT_TOLD, 7})));
        }
        String text = ring.text();
        assertTrue("it fits its column", text.length() <= 8000);
        Ring read = Ring.of(Together.MEAN, ring.latest(), text);
        for (HistorySpan span : HistorySpan.values()) {
            assertEquals(ring.of(span, minute), read.of(span, minute));
        }
        assertTrue(Double.isNaN(read.of(HistorySpan.YEAR, minute).get(0).receivedKbs()));
    }

    @Test
    public void valuesAreKeptWithElevenDigits() {
        for (double value : new double[] {0, 0.01, 0.99, 1, 20.47}) {
            assertEquals(value, Series.LOAD.decode(Series.LOAD.encode(value)), 0);
        }
        for (double value = 1; value < 1e12; value *= 1.37) {
            assertEquals(value, Series.MEMORY.decode(Series.MEMORY.encode(value)), Math.max(0.5, value / 1000));
        }
        assertTrue(Series.SENT.decode(Series.SENT.encode(Double.MAX_VALUE)) > 1e12);
        assertTrue(Double.isNaN(Series.SENT.decode(Series.SENT.encode(NOT_TOLD))));
        assertEquals(0, Series.LOAD.decode(Series.LOAD.encode(-1)), 0);
    }

    private static Minute minute(long number, double load) {
        return new Minute(number, new double[] {1, 1, load, 512, 10, 20});
    }
}
