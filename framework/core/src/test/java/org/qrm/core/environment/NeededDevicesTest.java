package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.SpareMachine;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.OperationState;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.DeviceRows;

/** Environments that ask for devices: of three machines, the first has none, the others a graphics processor at a switch each. */
public class NeededDevicesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<TestMachine> machines = new ArrayList<>();
    private CoreFixture core;

    @Before
    public void threeMachines() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        for (int i = 1; i <= 3; i++) {
            machines.add(new TestMachine(core::nodes, i, 2, 1024 * i).powerOn());
        }
        machines.forEach(core::awaitIdle);
        for (int i = 2; i <= 3; i++) {
            has(i, gpu("NVIDIA GA100 [A100] 10de:20b5"), neighbour("leaf0" + i + " Ethernet7"));
        }
    }

    @After
    public void close() {
        machines.forEach(TestMachine::close);
        core.close();
    }

    @Test
    public void itGoesWhereAllOfThemAre() throws Exception {
        Requirements needs = needing("gpu", "a100", "LEAF03 ethernet");
        core.environment("web", EnvironmentMode.SINGLE, needs);
        assertEquals(needs, core.environments.find("web").orElseThrow().spec().requirements());
        Placement plan = core.environments.plan("web", StartRequest.ANYWHERE);
        assertEquals(List.of(3L), plan.chosen());
        assertEquals(
                List.of(
                        "it has told of no device gpu, which is needed",
                        "it has told of no device a100, which is needed",
                        "it has told of no device LEAF03 ethernet, which is needed"),
                reasons(plan, 1));
        assertEquals(List.of("it has told of no device LEAF03 ethernet, which is needed"), reasons(plan, 2));
        QrmException refused = assertThrows(
                QrmException.class, () -> core.environments.start("web", new StartRequest(List.of(2L), 1)));
        assertTrue(refused.getMessage(), refused.getMessage().contains("no device LEAF03 ethernet"));
        assertEquals(
                OperationState.DONE,
                core.await(core.environments.start("web", StartRequest.ANYWHERE))
                        .state());
        assertEquals("web", core.resources.find(3).orElseThrow().environmentId());
    }

    @Test
    public void aSpareMachineHasThem() throws Exception {
        core.environment("web", EnvironmentMode.SINGLE, needing("a100"));
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        // on a busy box the tightest may be silent at that moment
        int other = "web".equals(core.resources.find(2).orElseThrow().environmentId()) ? 3 : 2;
        assertEquals(Long.valueOf(other), spare().resource());
        has(other, gpu("AMD Instinct MI210 1002:740f"));
        assertEquals("no machine is free that fits", spare().told());
    }

    @Test
    public void whatADeviceIsKnownByIsAShortTextWithoutAComma() {
        assertEquals(List.of("A100", "é"), needing(" A100 ", "é", "A100").devices());
        for (String wrong : List.of("", " ", "a,b", "x".repeat(65), "a\nb", "\u202ea", "\0")) {
            assertThrows(wrong, QrmException.class, () -> needing(wrong));
        }
        String[] many = new String[17];
        for (int i = 0; i < many.length; i++) {
            many[i] = "device" + i;
        }
        assertThrows(QrmException.class, () -> needing(many));
    }

    private SpareMachine spare() {
        return core.environments.spareMachines().get(0);
    }

    private void has(int machine, Device... devices) {
        core.database.change(change -> {
            DeviceRows.replace(change, machine, List.of(devices));
            return null;
        });
    }

    private static Requirements needing(String... devices) {
        return new Requirements(0, 0, 0, 0, 0, 0, List.of(), List.of(devices));
    }

    private static Device gpu(String model) {
        return new Device(DeviceKind.GPU, "0000:3b:00.0", 0, "", model, "class 030200");
    }

    private static Device neighbour(String port) {
        return new Device(DeviceKind.NEIGHBOUR, "eth0", 0, "44:4c:a8:00:00:01", port, "");
    }

    private static List<String> reasons(Placement plan, long machine) {
        return plan.candidates().stream()
                .filter(each -> each.resource() == machine)
                .findFirst()
                .orElseThrow()
                .reasons();
    }
}
