package org.qrm.core.history;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.Eventually;
import org.qrm.core.TestMachine;
import org.qrm.core.history.History.Heard;
import org.qrm.core.store.DatabaseKind;

@RunWith(Parameterized.class)
public class HistoryKeeperTest {

    private static final long MINUTE = 60_000;
    private static final long START = 5_000L * 5760;

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Ticker clock = new Ticker();
    private CoreFixture core;
    private long first;
    private long second;

    @Before
    public void twoMachines() throws Exception {
        Path directory = folder.getRoot().toPath();
        core = new CoreFixture(directory, CoreFixture.QUICK, kind.freshUrl());
        first = idle(1);
        second = idle(2);
    }

    @After
    public void close() {
        core.close();
    }

    private long idle(int number) throws Exception {
        MacAddress mac = new MacAddress("52:54:00:00:00:0" + number);
        TestMachine machine = new TestMachine(core::nodes, mac, "10.0.1." + number, 2, 1024).powerOn();
        Eventually.eventually(
                () -> "idle, and has reported",
                () -> core.resources
                        .find(mac)
                        .filter(each -> each.state() == ResourceState.IDLE)
                        .filter(each -> !core.resources
                                .history(each.id(), HistorySpan.HOUR)
                                .isEmpty())
                        .isPresent());
        machine.close();
        return core.resources.find(mac).orElseThrow().id();
    }

    @Test
    public void whatMachinesReportIsTold() {
        List<HistorySample> hour = core.resources.history(first, HistorySpan.HOUR);
        assertEquals(0.1, hour.get(0).load(), 0.01);
        assertEquals("of 1024 MiB 100 are free", 924, hour.get(0).memoryUsedMb(), 0);
        assertEquals(0, hour.get(0).used(), 0);
        List<HistorySample> all = core.resources.history(HistorySpan.HOUR);
        assertTrue(all.toString(), all.stream().anyMatch(each -> each.machines() >= 1));
    }

    @Test
    public void aServerThatComesAfterTellsTheSame() {
        Server before = new Server();
        before.hears(first, 0, 1);
        before.hears(first, 1, 3);
        before.hears(second, 1, 5);
        clock.minute = START + 3;
        assertTold(before);
        before.keeper.keep();
        assertTold(before);
        Server after = new Server();
        assertTold(after);
        after.hears(first, 2, 2);
        after.hears(first, 3, 2);
        after.keeper.close();
        assertEquals(
                "the minute that goes on is not kept",
                List.of(1.0, 3.0, 2.0),
                new Server().loads(first, HistorySpan.HOUR));
        assertEquals(List.of(1.0, 8.0, 2.0), new Server().siteLoads());
    }

    private void assertTold(Server server) {
        assertEquals(List.of(1.0, 3.0), server.loads(first, HistorySpan.HOUR));
        assertEquals(List.of(2.0), server.loads(first, HistorySpan.DAY));
        assertEquals(List.of(2.0), server.loads(first, HistorySpan.YEAR));
        assertEquals(List.of(1.0, 8.0), server.siteLoads());
    }

    @Test
    public void serversThatShareTheDatabaseAddWhatEachHeard() {
        Server one = new Server();
        Server other = new Server();
        one.hears(first, 0, 2);
        other.hears(second, 0, 5);
        clock.minute = START + 1;
        one.keeper.keep();
        other.keeper.keep();
        assertEquals(List.of(7.0), one.siteLoads());
        assertEquals(List.of(2.0), other.loads(first, HistorySpan.HOUR));
    }

    @Test
    public void aMachineThatIsGoneHasNone() throws Exception {
        Server server = new Server();
        server.hears(first, 0, 1);
        clock.minute = START + 1;
        server.keeper.keep();
        server.hears(first, 1, 1);
        clock.minute = START + 2;
        core.database.change(change -> change.handle().execute("delete from resource where id = ?", first));
        server.keeper.keep();
        assertEquals(
                List.of(),
                core.database
                        .read(handle -> HistoryRows.MACHINES.find(handle, first))
                        .of(HistorySpan.HOUR, START + 2));
        assertEquals("what there was of it stays with the site", List.of(1.0, 1.0), new Server().siteLoads());
    }

    /** What a server knows. */
    private final class Server {
        private final History history = new History();
        private final HistoryKeeper keeper = new HistoryKeeper(core.database, history, clock);

        void hears(long machine, int minute, double load) {
            history.add(machine, (START + minute) * MINUTE, new Heard(true, load, 512, -1, -1));
        }

        List<Double> loads(long machine, HistorySpan span) {
            return keeper.of(machine, span).stream().map(HistorySample::load).toList();
        }

        List<Double> siteLoads() {
            return keeper.ofAll(HistorySpan.HOUR).stream()
                    .map(HistorySample::load)
                    .toList();
        }
    }

    private static final class Ticker extends Clock {
        private long minute = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(minute * MINUTE);
        }
    }
}
