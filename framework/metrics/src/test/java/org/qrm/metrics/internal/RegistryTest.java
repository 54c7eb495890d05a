package org.qrm.metrics.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;

public class RegistryTest {

    private static final String HELP = "A sentence.";

    private final Registry registry = new Registry();
    private final BundleMetrics metrics = new BundleMetrics(registry, "org.example.one");

    @After
    public void stop() {
        registry.stop();
    }

    /** Lines of one metric. */
    private List<String> lines(String name, boolean openMetrics) {
        return registry.text(openMetrics)
                .lines()
                .filter(line -> line.contains(name))
                .toList();
    }

    @Test
    public void aCounterIsWrittenAsBothFormatsHaveIt() {
        metrics.counter("qrm_doors_opened_total", "Doors \"opened\" in C:\\.", "door")
                .with("front \"x\"\n\\")
                .add(3);
        assertEquals(
                List.of(
                        "# HELP qrm_doors_opened_total Doors \"opened\" in C:\\\\.",
                        "# TYPE qrm_doors_opened_total counter",
                        "qrm_doors_opened_total{door=\"front \\\"x\\\"\\n\\\\\"} 3"),
                lines("qrm_doors", false));
        assertEquals(
                List.of(
                        "# HELP qrm_doors_opened Doors \\\"opened\\\" in C:\\\\.",
                        "# TYPE qrm_doors_opened counter",
                        "qrm_doors_opened_total{door=\"front \\\"x\\\"\\n\\\\\"} 3"),
                lines("qrm_doors", true));
        assertTrue(registry.text(true).endsWith("\n# EOF\n"));
    }

    @Test
    public void aTimingFallsIntoTheBucketsThatAreNotShorter() {
        Timing timing = metrics.latency("qrm_call_seconds", HELP).with();
        timing.add(TimeUnit.MILLISECONDS.toNanos(1));
        timing.add(TimeUnit.MILLISECONDS.toNanos(1) + 1);
        timing.add(TimeUnit.MINUTES.toNanos(2));
        timing.add(-5);
        List<String> lines = lines("qrm_call_seconds", false);
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_bucket{le=\"0.0005\"} 1"));
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_bucket{le=\"0.001\"} 2"));
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_bucket{le=\"0.0025\"} 3"));
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_bucket{le=\"60.0\"} 3"));
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_bucket{le=\"+Inf\"} 4"));
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_count 4"));
        assertTrue(lines.toString(), lines.contains("qrm_call_seconds_sum 120.002000001"));
    }

    @Test
    public void howeverManyValuesComeThereAreSoManySeries() {
        Family<org.qrm.api.metric.Counter> family = metrics.counter("qrm_names_total", HELP, "name");
        for (int i = 0; i < 5 * Labelled.MOST; i++) {
            family.with("n" + i).increment();
        }
        family.with("x".repeat(5000)).increment();
        List<String> lines = lines("qrm_names_total{", false);
        assertEquals(Labelled.MOST + 1, lines.size());
        assertTrue(lines.contains("qrm_names_total{name=\"other\"} " + (4 * Labelled.MOST + 1)));
        assertSame(family.with("n1"), family.with("n1"));
    }

    @Test
    public void aValueThatIsCalledOtherIsCountedOnWithWhatComesTooMuch() {
        Family<org.qrm.api.metric.Counter> family = metrics.counter("qrm_names_total", HELP, "name");
        org.qrm.api.metric.Counter kept = family.with(Labelled.OTHER);
        kept.add(5);
        for (int i = 0; i < Labelled.MOST; i++) {
            family.with("n" + i).increment();
        }
        kept.increment();
        assertEquals(List.of("qrm_names_total{name=\"other\"} 7"), lines("qrm_names_total{name=\"other\"}", false));
    }

    /** Prometheus often comes in pairs. */
    @Test
    public void twoThatLookAtOnceSeeAllFigures() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        metrics.gauge("qrm_doors", HELP, () -> {
            asked.countDown();
            await(answers);
            return 2;
        });
        AtomicReference<String> second = new AtomicReference<>("");
        Thread one = new Thread(() -> registry.text(false));
        Thread other = new Thread(() -> second.set(registry.text(false)));
        one.start();
        asked.await();
        other.start();
        while (other.getState() != Thread.State.BLOCKED && other.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        answers.countDown();
        one.join();
        other.join();
        assertTrue(second.get(), second.get().contains("\nqrm_doors 2\n"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    public void whatIsNoMetricIsRefused() {
        Map<String, Runnable> wrong = Map.of(
                "other prefix", () -> metrics.counter("node_x_total", HELP),
                "no name", () -> metrics.gauge(null, HELP, () -> 1),
                "capitals", () -> metrics.gauge("qrm_X", HELP, () -> 1),
                "line break", () -> metrics.gauge("qrm_a\nqrm_b", HELP, () -> 1),
                "counter", () -> metrics.counter("qrm_doors", HELP),
                "gauge", () -> metrics.gauge("qrm_doors_total", HELP, () -> 1),
                "timing", () -> metrics.latency("qrm_doors_millis", HELP),
                "help", () -> metrics.gauge("qrm_doors", " ", () -> 1),
                "label", () -> metrics.gauges("qrm_doors", HELP, "le", Map::of),
                "labels", () -> metrics.counter("qrm_doors_total", HELP, "a", "a"));
        wrong.forEach((what, declaring) -> assertEquals(
                what,
                Problem.Kind.INVALID,
                assertThrows(what, QrmException.class, declaring::run).problem().kind()));
        assertFalse(registry.text(false).contains("qrm_"));
        assertThrows(
                IllegalArgumentException.class,
                () -> metrics.counter("qrm_doors_total", HELP, "a").with());
    }

    @Test
    public void aNameIsItsBundlesUntilThatGoes() {
        metrics.counter("qrm_doors_total", HELP).with().add(7);
        assertSame(metrics.counter("qrm_doors_total", HELP), metrics.counter("qrm_doors_total", HELP));
        Metrics other = new BundleMetrics(registry, "org.example.other");
        QrmException taken = assertThrows(QrmException.class, () -> other.counter("qrm_doors_total", HELP));
        assertTrue(taken.getMessage(), taken.getMessage().contains("it is of org.example.one"));
        assertThrows(QrmException.class, () -> metrics.counter("qrm_doors_total", HELP, "label"));
        metrics.forget();
        assertFalse(registry.text(false).contains("qrm_doors"));
        other.counter("qrm_doors_total", HELP);
        assertEquals(List.of("qrm_doors_total 0"), lines("qrm_doors_total 0", false));
    }

    @Test
    public void whoThrowsHangsOrAnswersNothingIsLeftOutAlone() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        metrics.gauge("qrm_hangs", HELP, () -> {
            asked.countDown();
            try {
                never.await();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
            return 5;
        });
        metrics.gauge("qrm_throws", HELP, () -> {
            throw new NoClassDefFoundError("gone");
        });
        metrics.gauges("qrm_nothing", HELP, "state", () -> null);
        metrics.gauges("qrm_strange", HELP, "state", () -> Map.of("open", new Strange()));
        metrics.gauges("qrm_doors", HELP, "state", () -> Map.of("open", 2, "shut", 1.5));
        for (int i = 0; i < 2; i++) {
            String text = registry.text(false);
            assertEquals(0, asked.getCount());
            assertFalse(
                    text,
                    Stream.of("hangs", "throws", "nothing", "strange")
                            .anyMatch(each -> text.contains("\nqrm_" + each)));
            assertTrue(text, text.contains("qrm_doors{state=\"open\"} 2\nqrm_doors{state=\"shut\"} 1.5\n"));
        }
        never.countDown();
        while (!registry.text(false).contains("\nqrm_hangs 5\n")) {
            Thread.onSpinWait();
        }
    }

    @Test
    public void whoHangsTakesNobodyElsesTurn() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            metrics.gauge("qrm_a" + i, HELP, () -> {
                asked.incrementAndGet();
                await(never);
                return 5;
            });
        }
        new BundleMetrics(registry, "org.example.other").gauge("qrm_z", HELP, () -> 7);
        BundleMetrics third = new BundleMetrics(registry, "org.example.third");
        for (int i = 0; i < 100; i++) {
            third.gauge("qrm_b" + i, HELP, () -> 6);
        }
        for (int i = 0; i < 4; i++) {
            String text = registry.text(false);
            assertTrue(text, text.contains("\nqrm_z 7\n"));
            assertEquals(100, text.lines().filter(line -> line.endsWith(" 6")).count());
        }
        assertEquals(2, asked.get());
        never.countDown();
        while (!registry.text(false).contains("\nqrm_a99 5\n")) {
            Thread.onSpinWait();
        }
    }

    /** A number of a plug-in's own. */
    private static final class Strange extends Number {
        private static final long serialVersionUID = 1L;

        @Override
        public int intValue() {
            return (int) doubleValue();
        }

        @Override
        public long longValue() {
            return (long) doubleValue();
        }

        @Override
        public float floatValue() {
            return (float) doubleValue();
        }

        @Override
        public double doubleValue() {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    public void whoDeclaresAGaugeAgainAnswers() {
        metrics.gauge("qrm_doors", HELP, () -> 1);
        metrics.gauge("qrm_doors", HELP, () -> 2);
        assertEquals(List.of("qrm_doors 2"), lines("qrm_doors 2", false));
    }

    @Test
    public void tellsOfTheProcess() {
        String text = registry.text(false);
        for (String name : List.of(
                "jvm_memory_used_bytes{area=\"heap\"} ",
                "jvm_memory_max_bytes{area=\"heap\"} ",
                "jvm_threads_current ",
                "jvm_gc_collection_seconds_total{gc=",
                "process_cpu_seconds_total ",
                "process_open_fds ",
                "process_max_fds ",
                "process_start_time_seconds ")) {
            assertTrue(name, text.contains("\n" + name));
        }
    }
}
