package org.qrm.core;

import static org.qrm.core.Eventually.eventually;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.event.Priority;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.event.EventDispatch;
import org.qrm.core.event.EventLogService;

/**
 * Figures of the core alone, without HTTP, on Derby on a disk. Asserts nothing; not part of the tests. Run it with
 * {@code -Dtest=CoreBenchmark -DargLine=}; see docs/performance.md.
 */
public class CoreBenchmark {

    private static final int THREADS = 16;
    private static final int SECONDS = 8;
    private static final int ROUNDS = 3;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private final List<TestMachine> machines = new ArrayList<>();

    @Before
    public void open() throws Exception {
        Path directory = folder.getRoot().toPath();
        core = new CoreFixture(directory, CoreFixture.QUICK, "jdbc:derby:" + directory.resolve("database"));
    }

    @After
    public void close() {
        machines.forEach(TestMachine::close);
        core.close();
    }

    @Test
    public void registrationsOfNewMachines() throws Exception {
        AtomicInteger next = new AtomicInteger();
        measure(
                "registrations of machines never seen, per second",
                number -> core.nodes()
                        .register(new TestMachine(core::nodes, next.incrementAndGet(), 2, 1024).registration()));
    }

    @Test
    public void registrationsOfKnownMachines() throws Exception {
        int known = 2000;
        List<TestMachine> all = new ArrayList<>();
        for (int i = 0; i < known; i++) {
            TestMachine machine = new TestMachine(core::nodes, i, 2, 1024);
            core.nodes().register(machine.registration());
            all.add(machine);
        }
        AtomicInteger next = new AtomicInteger();
        measure("registrations of 2000 known machines, per second", number -> {
            Registration registration = all.get(next.incrementAndGet() % known).registration();
            core.nodes().register(registration);
        });
    }

    @Test
    public void bootOrders() throws Exception {
        int known = 2000;
        List<TestMachine> all = new ArrayList<>();
        for (int i = 0; i < known; i++) {
            all.add(new TestMachine(core::nodes, i, 2, 1024));
        }
        AtomicInteger next = new AtomicInteger();
        measure(
                "boot orders of 2000 machines, per second",
                number -> all.get(next.incrementAndGet() % known).bootOrder());
    }

    @Test
    public void lifeCycles() throws Exception {
        int parallel = 40;
        for (int i = 0; i < parallel; i++) {
            machines.add(new TestMachine(core::nodes, i, 2, 1024).powerOn());
            core.environment("ve" + i, EnvironmentMode.SINGLE, Requirements.NONE);
        }
        eventually(
                () -> "all are idle",
                () -> core.resources.countByState().getOrDefault(ResourceState.IDLE, 0L) == parallel);
        AtomicInteger free = new AtomicInteger();
        ThreadLocal<String> mine = ThreadLocal.withInitial(() -> "ve" + free.getAndIncrement());
        measure(parallel, "start and stop of an environment, per second", number -> {
            try {
                core.await(core.environments.start(mine.get(), StartRequest.ANYWHERE));
                core.await(core.environments.stop(mine.get(), false));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
    }

    @Test
    public void listOfAHundredInTenThousand() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            core.nodes().register(new TestMachine(core::nodes, i, 2, 1024).registration());
        }
        PageRequest middle = new PageRequest(100, "5000");
        time("by state", () -> core.resources.list(Filter.by(ResourceField.STATE, ResourceState.IDLE), middle));
        for (ResourceField field : ResourceField.values()) {
            Sort<ResourceField> sort = new Sort<>(field, true);
            String next = core.resources
                    .list(Filter.all(), sort, new PageRequest(1000, null))
                    .next();
            time("sorted by " + field, () -> core.resources.list(Filter.all(), sort, new PageRequest(100, next)));
        }
    }

    private static void time(String how, Runnable list) {
        double[] millis = new double[200];
        for (int i = 0; i < millis.length; i++) {
            long began = System.nanoTime();
            list.run();
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "list 100 of 10,000 resources %s: median %.2f ms, 99 of 100 within %.2f ms%n",
                how,
                millis[100],
                millis[198]);
    }

    @Test
    public void eventsToTenListenersOneOfThemSlow() throws Exception {
        EventLogService log = new EventLogService(core.database);
        AtomicLong heard = new AtomicLong();
        AtomicLong slow = new AtomicLong();
        try (PluginCalls calls = new PluginCalls();
                EventDispatch dispatch = new EventDispatch(log, calls)) {
            core.database.watchEvents(dispatch::wake);
            for (int i = 0; i < 9; i++) {
                dispatch.arrived(event -> heard.incrementAndGet());
            }
            dispatch.arrived(event -> {
                slow.incrementAndGet();
                LockSupport.parkNanos(100_000_000);
            });
            AtomicLong stored = new AtomicLong();
            measure("events stored, with ten listeners, per second", number -> {
                core.database.change(change -> {
                    change.event(Priority.INFO, "benchmark", "resource/" + number, "one of many", null);
                    return null;
                });
                stored.incrementAndGet();
            });
            long began = System.nanoTime();
            eventually(() -> "the nine have heard of all", () -> heard.get() == 9 * stored.get());
            System.out.printf(
                    Locale.ROOT,
                    "after %d events the nine quick listeners were %.1f s behind; the slow one (10 a second) heard %d%n",
                    stored.get(),
                    (System.nanoTime() - began) / 1e9,
                    slow.get());
        }
    }

    private void measure(String what, IntConsumer work) throws Exception {
        measure(THREADS, what, work);
    }

    private static void measure(int threads, String what, IntConsumer work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        double[] rates = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            double rate = rate(pool, threads, work);
            if (round >= 0) { // the first one warms up
                rates[round] = rate;
            }
        }
        pool.shutdown();
        Arrays.sort(rates);
        System.out.printf(
                Locale.ROOT,
                "%s: median %.0f (%.0f to %.0f), %d threads%n",
                what,
                rates[ROUNDS / 2],
                rates[0],
                rates[ROUNDS - 1],
                threads);
    }

    private static double rate(ExecutorService pool, int threads, IntConsumer work) throws Exception {
        long began = System.nanoTime();
        long end = began + SECONDS * 1_000_000_000L;
        List<Callable<Integer>> loops = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            loops.add(() -> {
                int count = 0;
                while (System.nanoTime() < end) {
                    work.accept(number);
                    count++;
                }
                return count;
            });
        }
        int count = 0;
        for (Future<Integer> loop : pool.invokeAll(loops)) {
            count += loop.get();
        }
        return count / ((System.nanoTime() - began) / 1e9);
    }
}
