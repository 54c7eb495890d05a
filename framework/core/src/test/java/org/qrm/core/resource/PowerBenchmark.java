package org.qrm.core.resource;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.CoreFixture;

/**
 * What it costs to ask for the power of many machines, without what a plug-in takes for it, on Derby on a disk. Asserts nothing; not part
 * of the tests. Run it with {@code -Dtest=PowerBenchmark -DargLine=}; see docs/performance.md.
 */
public class PowerBenchmark {

    private static final int MACHINES = 10_000;
    private static final int ROUNDS = 3;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong now = new AtomicLong(System.currentTimeMillis());
    private final AtomicInteger asked = new AtomicInteger();
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Test
    public void tenThousandMachines() throws Exception {
        String url = "jdbc:derby:" + folder.getRoot().toPath().resolve("database");
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, url)) {
            insert(core);
            PowerController bmcs = new Bmcs();
            PowerControllers power = new PowerControllers(() -> List.of(bmcs), core.calls);
            try (PowerWatch watch = new PowerWatch(
                    core.database,
                    new ResourceRows(),
                    power,
                    () -> List.of(bmcs),
                    "benchmark",
                    Duration.ofSeconds(60),
                    new Ticker())) {
                round(watch, "the first, each answer written");
                for (int round = 0; round < ROUNDS; round++) {
                    round(watch, "later, nothing new");
                }
                long with = used();
                watch.queue().forget();
                System.out.printf(Locale.ROOT, "memory for a machine: %d bytes%n", (with - used()) / MACHINES);
            }
        }
    }

    /** So many questions as there are machines. */
    private void round(PowerWatch watch, String what) throws InterruptedException {
        int from = asked.get();
        long began = System.nanoTime();
        long cpu = process.getProcessCpuTime();
        long time = now.get();
        int threads = 0;
        while (asked.get() - from < MACHINES) {
            now.addAndGet(200);
            watch.round();
            threads = Math.max(threads, Thread.activeCount());
            watch.queue().awaitAnswers();
        }
        System.out.printf(
                Locale.ROOT,
                "%d questions (%s): %.2f ms of processor for each, %.1f s in all, which are spread over %d s; %d threads at most%n",
                asked.get() - from,
                what,
                (process.getProcessCpuTime() - cpu) / 1e6 / MACHINES,
                (System.nanoTime() - began) / 1e9,
                (now.get() - time) / 1000,
                threads);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void insert(CoreFixture core) {
        core.database.change(change -> {
            PreparedBatch batch = change.handle()
                    .prepareBatch("insert into resource (mac, name, kind, state, reason, cpus, cpu_mhz, memory_mb,"
                            + " nic_count, nics, details, load_average, local_boot, admitted, version) values (:mac,"
                            + " :name, 'NODE', 'OFF', '', 1, 1, 1, 1, '[]', '{}', 0, false, true, 1)");
            for (int number = 0; number < MACHINES; number++) {
                batch.bind("mac", String.format("52:54:00:01:%02x:%02x", number / 256, number % 256))
                        .bind("name", "many-" + number)
                        .add();
            }
            return batch.execute();
        });
    }

    private final class Ticker extends Clock {
        @Override
        public long millis() {
            return now.get();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final class Bmcs implements PowerController {
        @Override
        public boolean controls(Resource resource) {
            return true;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {}

        @Override
        public void powerOff(Resource resource, WorkContext work) {}

        @Override
        public void powerCycle(Resource resource, WorkContext work) {}

        @Override
        public PowerState state(Resource resource) {
            asked.incrementAndGet();
            return PowerState.ON;
        }
    }
}
