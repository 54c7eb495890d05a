package org.qrm.core.search;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.qrm.core.CoreFixture;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.DatabaseKind;

/**
 * How long a search takes among 10,000 machines with two cards each, 100,000 events and 20,000 operations; Derby on a disk. Asserts
 * nothing; not part of the tests. Run it with {@code -Dtest=SearchBenchmark -DargLine=}; see docs/performance.md.
 */
@RunWith(Parameterized.class)
public class SearchBenchmark {

    private static final int MACHINES = 10_000;
    private static final int ROUNDS = 20;

    @Parameterized.Parameters(name = "{0}")
    public static DatabaseKind[] databases() {
        return DatabaseKind.tried();
    }

    @Parameterized.Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void amongTenThousandMachines() throws Exception {
        String url = kind == DatabaseKind.DERBY
                ? "jdbc:derby:" + folder.getRoot().toPath().resolve("database")
                : kind.freshUrl();
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, url)) {
            insert(core);
            long began = System.nanoTime();
            core.database.change(change -> {
                new ResourceRows().fillFoundBy(change);
                return null;
            });
            System.out.printf(
                    Locale.ROOT, "%s: the column filled in %d ms%n", kind, (System.nanoTime() - began) / 1_000_000);
            SearchService search = new SearchService(core.database);
            for (String text : new String[] {
                "n",
                "node",
                "node-4711",
                "525400011a2b",
                "5254.0001.1a2b",
                "serial4711",
                "poweredge",
                "rack=7",
                "no such thing"
            }) {
                long[] millis = new long[ROUNDS];
                long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int round = 0; round < ROUNDS; round++) {
                    long start = System.nanoTime();
                    search.find(text, 10);
                    millis[round] = (System.nanoTime() - start) / 1_000_000;
                }
                Arrays.sort(millis);
                System.out.printf(
                        Locale.ROOT,
                        "%s: \"%s\": %d ms of processor, median %d ms, slowest %d ms%n",
                        kind,
                        text,
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1_000_000 / ROUNDS,
                        millis[ROUNDS / 2],
                        millis[ROUNDS - 1]);
            }
        }
    }

    private static void insert(CoreFixture core) {
        core.database.change(change -> {
            PreparedBatch machines = change.handle()
                    .prepareBatch("insert into resource (mac, name, kind, state, reason, cpus, cpu_mhz, memory_mb,"
                            + " nic_count, nics, details, load_average, local_boot, admitted, tags, version) values (:mac,"
                            + " :name, 'NODE', 'OFF', '', 1, 1, 1, 2, :nics, :details, 0, false, true, :tags, 1)");
            for (int number = 0; number < MACHINES; number++) {
                String end = String.format("%02x:%02x", number / 256, number % 256);
                machines.bind("mac", "52:54:00:01:" + end)
                        .bind("name", "node-" + number)
                        .bind(
                                "nics",
                                "[{\"mac\":\"52:54:00:01:%s\",\"name\":\"\",\"driver\":\"\",\"speed\":0},{\"mac\":\"52:54:00:02:%s\",\"name\":\"\",\"driver\":\"\",\"speed\":0}]"
                                        .formatted(end, end))
                        .bind(
                                "details",
                                "{\"serial\":\"SERIAL%d\",\"product\":\"PowerEdge R650\",\"vendor\":\"Dell Inc.\",\"uuid\":\"4c4c4544-0042-4a10-8051-%012d\"}"
                                        .formatted(number, number))
                        .bind("tags", "|rack=" + number % 300 + "|")
                        .add();
            }
            return machines.execute();
        });
        core.database.change(change -> {
            PreparedBatch events = change.handle()
                    .prepareBatch("insert into event (time, priority, source, type, subject, description, resource_id,"
                            + " acknowledged, resolved) values (1, 1, 'core', 'resource.state', :subject, :text, 1, false,"
                            + " false)");
            for (int number = 0; number < 10 * MACHINES; number++) {
                events.bind("subject", "resource/" + number % MACHINES)
                        .bind("text", "node-" + number % MACHINES + " is idle: it has booted and waits for work")
                        .add();
            }
            return events.execute();
        });
        core.database.change(change -> {
            PreparedBatch operations = change.handle()
                    .prepareBatch("insert into operation (kind, subject, parameters, state, undoing, step, step_count,"
                            + " steps, progress, reason, cancel_requested, created, fence) values ('resource.reboot',"
                            + " :subject, '{}', 'DONE', false, 0, 1, 'one', 1, '', false, 1, 0)");
            for (int number = 0; number < 2 * MACHINES; number++) {
                operations.bind("subject", "resource/" + number % MACHINES).add();
            }
            return operations.execute();
        });
    }
}
