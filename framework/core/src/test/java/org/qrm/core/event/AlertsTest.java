package org.qrm.core.event;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.Alert;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.InCommon;
import org.qrm.api.event.InCommon.Kind;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ResourceKind;
import org.qrm.core.resource.DeviceRows;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class AlertsTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    private Database database;
    private EventLogService log;

    @Before
    public void open() {
        database = TestDatabase.open(kind.freshUrl());
        log = new EventLogService(database);
    }

    @After
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    public void whatIsWrongIsSaidOnceForEachSort() {
        assertEquals(List.of(), log.alerts());
        silent(1);
        happens(Priority.ERROR, "storage.full", "storage-server/nas");
        happens(Priority.INFO, "resource.idle", "resource/9");
        for (int machine = 2; machine <= 5; machine++) {
            silent(machine);
        }
        Event last = silent(5);
        List<Alert> alerts = log.alerts();
        assertEquals(
                "the worst first",
                List.of("storage.full", "resource.silent"),
                alerts.stream().map(Alert::type).toList());
        Alert silent = alerts.get(1);
        assertEquals(6, silent.events());
        assertEquals(5, silent.subjects());
        assertEquals(last, silent.newest());
        assertEquals(List.of("resource/5", "resource/4", "resource/3"), silent.examples());
        assertEquals(Priority.WARNING, silent.priority());
    }

    @Test
    public void theWorstOfASortIsItsPriority() {
        happens(Priority.ALARM, "disk.full", "server");
        happens(Priority.WARNING, "disk.full", "server");
        assertEquals(Priority.ALARM, log.alerts().get(0).priority());
    }

    @Test
    public void whatIsOverOrSeenIsNoneAnyMore() {
        silent(1);
        silent(2);
        log.resolve("resource.silent", "resource/2");
        assertEquals(List.of("resource/1"), log.alerts().get(0).examples());
        log.acknowledge(silent(3).id());
        assertEquals(1, log.alerts().get(0).events());
        log.resolve("resource.silent", "resource/1");
        assertEquals(List.of(), log.alerts());
    }

    @Test
    public void whatCameSinceStaysUnseen() {
        silent(1);
        long seen = silent(2).id();
        Event since = silent(3);
        happens(Priority.ERROR, "storage.full", "storage-server/nas");
        assertEquals(2, log.acknowledge("resource.silent", seen, "ann", "the switch is being replaced"));
        assertEquals(0, log.acknowledge("resource.silent", seen, "bob", "so do I"));
        assertEquals(
                List.of("storage-server/nas", "resource/3"),
                log.alerts().stream()
                        .flatMap(alert -> alert.examples().stream())
                        .toList());
        assertEquals(since, log.alerts().get(1).newest());
        assertEquals("of a type that nothing has", 0, log.acknowledge("' or '1'='1", Long.MAX_VALUE, "ann", ""));
        assertEquals(1, log.acknowledge("resource.silent", Long.MAX_VALUE, "ann", ""));
        assertEquals(
                "who has seen them, and why nobody need worry",
                List.of(
                        "ann has seen an event of resource.silent",
                        "ann has seen 2 events of resource.silent: the switch is being replaced"),
                log.list(Filter.by(EventField.TYPE, "alert.acknowledged"), PageRequest.FIRST).items().stream()
                        .map(Event::description)
                        .toList());
    }

    /** More than are looked through for examples, newer than one of another type. */
    @Test
    public void aFloodOfOneSortHidesNoOther() {
        happens(Priority.WARNING, "rare", "resource/1");
        for (int i = 0; i < 501; i++) {
            silent(7);
        }
        Alert rare = log.alerts().get(1);
        assertEquals("rare", rare.type());
        assertEquals(List.of("resource/1"), rare.examples());
    }

    @Test
    public void whatManyHaveInCommonAndFewOthersIsTold() {
        List<Long> left = machines(8, "leaf01", "row=1|rack=7");
        List<Long> right = machines(20, "leaf02", "row=1");
        List<Long> alone = machines(2, "leaf03", "row=1|spare=");
        left.subList(0, 7).forEach(this::lost);
        lost(right.get(0));
        alone.forEach(this::lost);
        assertEquals(
                "two are few, and row 1 has others, too",
                List.of(
                        new InCommon(Kind.SWITCH, "leaf01", "device:leaf01", 7, 8),
                        new InCommon(Kind.TAG, "rack=7", "tag:rack=7", 7, 8)),
                log.alerts().get(0).inCommon());
        assertEquals(10, log.alerts().get(0).subjects());
    }

    @Test
    public void soAreTheirHosts() {
        long host = machines(1, "leaf 1", "").get(0);
        List<Long> partitions = LongStream.range(0, 3)
                .mapToObj(i -> database.change(change -> new ResourceRows()
                        .insert(
                                change,
                                new MacAddress("00:16:3e:00:00:0" + i),
                                "p" + i,
                                ResourceKind.PARTITION,
                                host,
                                "xen")
                        .id()))
                .toList();
        partitions.subList(0, 2).forEach(this::lost);
        assertEquals(
                "two have much in common by chance",
                List.of(),
                log.alerts().get(0).inCommon());
        lost(partitions.get(2));
        assertEquals(
                List.of(new InCommon(Kind.HOST, "leaf 1-0", "host:" + host, 3, 3)),
                log.alerts().get(0).inCommon());
        lost(partitions.get(2));
        assertEquals(
                "each machine once", 3, log.alerts().get(0).inCommon().get(0).affected());
    }

    /** @param tags as they are stored, without the bars around them */
    private List<Long> machines(int number, String leaf, String tags) {
        return database.change(change -> LongStream.range(0, number)
                .mapToObj(i -> {
                    long id = new ResourceRows()
                            .insert(
                                    change,
                                    new MacAddress(String.format("02:00:00:%02x:00:%02x", leaf.hashCode() & 0xff, i)),
                                    leaf + "-" + i,
                                    ResourceKind.NODE,
                                    null,
                                    null)
                            .id();
                    change.handle()
                            .execute(
                                    "update resource set tags = ? where id = ?",
                                    tags.isEmpty() ? "" : "|" + tags + "|",
                                    id);
                    DeviceRows.replace(
                            change,
                            id,
                            List.of(new Device(
                                    DeviceKind.NEIGHBOUR,
                                    "eth0",
                                    0,
                                    "chassis of " + leaf,
                                    leaf + " Ethernet" + i,
                                    "")));
                    return id;
                })
                .toList());
    }

    private void lost(long machine) {
        log.record(Priority.ERROR, "core", "resource.lost", "resource/" + machine, "it is lost", machine);
    }

    private Event silent(int machine) {
        return happens(Priority.WARNING, "resource.silent", "resource/" + machine);
    }

    private Event happens(Priority priority, String type, String subject) {
        return log.record(priority, "core", type, subject, subject + " says so", null);
    }
}
