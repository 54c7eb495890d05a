package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.node.Inventory;
import org.qrm.api.node.Registered;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.ResourceRows;

public class InventoriesTest {

    private static final Device DISK = new Device(DeviceKind.DISK, "sda", 381_554, "BTYF01", "INTEL SSDSC2KB40", "ssd");
    private static final Device GPU = new Device(
            DeviceKind.GPU, "0000:3b:00.0", 0, "", "NVIDIA GA100 [A100] 10de:20b5", "class 030200 driver nvidia");

    private static final Device LEAF =
            new Device(DeviceKind.NEIGHBOUR, "eth0", 0, "44:4c:a8:00:00:01", "leaf01 Ethernet7", "VLAN 30");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private TestMachine machine;
    private Registered registered;

    @Before
    public void boot() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        machine = new TestMachine(core::nodes, 1, 2, 1024);
        registered = core.nodes().register(machine.registration());
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void aMachineHasTheDevicesItTold() {
        tell(DISK, GPU);
        assertEquals(List.of(DISK, GPU), core.resources.devices(registered.resource()));
        assertEquals(400, hardware().diskGb());
        assertEquals(1, hardware().gpus());
    }

    @Test
    public void theySurviveItsNextBoot() {
        tell(DISK, GPU);
        TestMachine.goesDown(core.nodes(), registered);
        registered = core.nodes().register(machine.registration());
        assertEquals(List.of(DISK, GPU), core.resources.devices(registered.resource()));
        assertEquals(400, hardware().diskGb());
    }

    @Test
    public void theSameAgainWritesNothing() {
        tell(DISK);
        long version = resource().version();
        tell(DISK);
        assertEquals(version, resource().version());
    }

    @Test
    public void otherDevicesThanAtTheLastBootAreToldOnce() {
        tell(DISK);
        assertEquals(List.of(), events());
        tell(GPU);
        tell(GPU);
        assertEquals(
                List.of(
                        "node-525400000001 has other devices than at its last boot: no disks, there was 1"
                                + " (gone: sda INTEL SSDSC2KB40 ssd of 381554 MiB (serial number BTYF01));"
                                + " 1 graphics processor, there were 0 (new: 0000:3b:00.0 NVIDIA GA100 [A100] 10de:20b5 class 030200 driver nvidia)"),
                events());
        assertEquals(0, hardware().diskGb());
    }

    @Test
    public void neighboursAreToldLaterAndStayUntilThen() {
        tellButNeighbours(DISK);
        tell(DISK, LEAF);
        assertEquals(List.of(), events());
        tellButNeighbours(DISK);
        assertEquals(List.of(DISK, LEAF), core.resources.devices(registered.resource()));
        tellButNeighbours(GPU);
        assertEquals(List.of(GPU, LEAF), core.resources.devices(registered.resource()));
        assertEquals(1, events().size());
    }

    @Test
    public void aCardThatIsPluggedInElsewhereIsTold() {
        tell(DISK, LEAF);
        Device other = new Device(DeviceKind.NEIGHBOUR, "eth0", 0, "44:4c:a8:00:00:02", "leaf02 Ethernet9", "VLAN 30");
        tell(DISK, other);
        tell(DISK);
        assertEquals(
                List.of(
                        "node-525400000001 has other devices than at its last boot: 1 network neighbour"
                                + " (gone: eth0 leaf01 Ethernet7 VLAN 30 (serial number 44:4c:a8:00:00:01),"
                                + " new: eth0 leaf02 Ethernet9 VLAN 30 (serial number 44:4c:a8:00:00:02))",
                        "node-525400000001 has other devices than at its last boot: no network neighbours, there was 1"
                                + " (gone: eth0 leaf02 Ethernet9 VLAN 30 (serial number 44:4c:a8:00:00:02))"),
                events());
    }

    @Test
    public void whoTellsAgainAndAgainHasNoMoreThanOneCanTell() {
        Device[] many = IntStream.range(0, 128)
                .mapToObj(each -> new Device(DeviceKind.NEIGHBOUR, "eth0", 0, "", "leaf " + each, ""))
                .toArray(Device[]::new);
        for (int time = 0; time < 4; time++) {
            tellButNeighbours(many);
        }
        assertEquals(256, core.resources.devices(registered.resource()).size());
    }

    @Test
    public void whatItLeftOutIsTold() {
        core.nodes().inventory(new Inventory(registered.resource(), registered.nodeToken(), List.of(DISK), "3 more"));
        assertEquals(List.of("Not all devices of node-525400000001 are listed: 3 more"), events());
    }

    @Test
    public void aTokenOfAnotherIsRefused() {
        QrmException refused = assertThrows(
                QrmException.class,
                () -> core.nodes().inventory(new Inventory(registered.resource(), "forged", List.of(DISK), "")));
        assertEquals(Problem.Kind.UNAUTHENTICATED, refused.problem().kind());
        assertEquals(List.of(), core.resources.devices(registered.resource()));
    }

    @Test
    public void textsOfAnyLengthAndScriptFitTheTable() {
        String odd = "é\u202e\u0000%_!".repeat(40);
        tell(IntStream.range(0, 128)
                .mapToObj(each -> new Device(DeviceKind.PCI, odd + each, Long.MAX_VALUE / 4, odd, odd, odd))
                .toArray(Device[]::new));
        assertEquals(128, core.resources.devices(registered.resource()).size());
    }

    @Test
    public void placementAsksForADiskAndGraphicsProcessors() {
        Requirements needs = new Requirements(0, 0, 0, 0, 400, 1, List.of());
        assertEquals(
                List.of(
                        "it has told of no disk, and one of 400 GB is needed",
                        "it has 0 graphics processors, 1 are needed"),
                plan(needs).candidates().get(0).reasons());
        tell(DISK, GPU);
        assertTrue(plan(needs).possible());
        assertEquals(
                List.of("it has 400 GB on its largest disk, 401 are needed"),
                plan(new Requirements(0, 0, 0, 0, 401, 0, List.of()))
                        .candidates()
                        .get(0)
                        .reasons());
    }

    @Test
    public void machinesAreFoundByWhatIsInThem() {
        tell(DISK, GPU, LEAF);
        new TestMachine(core::nodes, 2, 2, 1024).registration();
        for (String text :
                List.of("ssdsc2kb", "BTYF01", "10de:", "a100", "nvidia", "leaf01", "leaf01 ethernet7", "44:4C:a8")) {
            assertEquals(text, 1, found(Filter.by(ResourceField.DEVICE, text)));
        }
        for (String text : List.of("sda", "%", "_", "SAMSUNG")) {
            assertEquals(text, 0, found(Filter.by(ResourceField.DEVICE, text)));
        }
        assertEquals(1, found(Filter.by(ResourceField.DISK_GB, 400)));
        assertEquals(0, found(Filter.by(ResourceField.GPUS, 2)));
    }

    @Test
    public void theyGoWithTheMachine() {
        tell(DISK, GPU);
        core.database.change(change -> {
            new ResourceRows().delete(change, registered.resource());
            return null;
        });
        assertEquals(List.of(), core.resources.devices(registered.resource()));
    }

    private void tellButNeighbours(Device... devices) {
        core.nodes()
                .inventory(new Inventory(
                        registered.resource(),
                        registered.nodeToken(),
                        List.of(devices),
                        "",
                        Set.of(DeviceKind.NEIGHBOUR)));
    }

    private void tell(Device... devices) {
        core.nodes().inventory(new Inventory(registered.resource(), registered.nodeToken(), List.of(devices), ""));
    }

    private Placement plan(Requirements needs) {
        return core.environments.plan(EnvironmentSpec.ON_NODE, null, needs, StartRequest.ANYWHERE);
    }

    private int found(Filter<ResourceField> filter) {
        return core.resources.list(filter, PageRequest.FIRST).items().size();
    }

    private Resource resource() {
        return core.resources.find(registered.resource()).orElseThrow();
    }

    private Hardware hardware() {
        return resource().hardware();
    }

    private List<String> events() {
        return core.database.read(handle -> handle.createQuery(
                        "select description from event where type = 'resource.devices' order by id")
                .mapTo(String.class)
                .list());
    }
}
