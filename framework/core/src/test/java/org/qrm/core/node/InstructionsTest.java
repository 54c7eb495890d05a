package org.qrm.core.node;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.Mount;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRow.Order;

public class InstructionsTest {

    private static final String ADDRESS = "10.77.0.101";
    private static final Mount MOUNT = new Mount("nfs", "10.77.0.2:/images/web", "ro");
    private static final List<Instruction.BootServicePackage> PACKAGES =
            List.of(new Instruction.BootServicePackage("xen", "0".repeat(64)));

    @Test
    public void aMachineThatGoesDownIsLeftAlone() {
        for (ResourceState state : ResourceState.values()) {
            for (Order order : Order.values()) {
                assertEquals(
                        new Instruction.Continue(),
                        next(row(state, order), bound(true, ADDRESS, false), NodeState.STOPPING));
            }
        }
    }

    @Test
    public void anOrderOfTheAdministratorGoesFirst() {
        Map<Order, Instruction> wanted = Map.of(
                Order.REBOOT, new Instruction.Reboot(),
                Order.POWER_OFF, new Instruction.PowerOff(),
                Order.LOCAL_BOOT, new Instruction.LocalBoot());
        for (Order order : Order.values()) {
            for (NodeState state : List.of(NodeState.IDLE, NodeState.MOUNTING, NodeState.STARTING, NodeState.ACTIVE)) {
                assertEquals(
                        wanted.get(order), next(row(ResourceState.BOOTING, order), bound(true, ADDRESS, false), state));
            }
        }
    }

    @Test
    public void anIdleMachineThatNobodyWantsStaysAsItIs() {
        for (ResourceState state : List.of(ResourceState.NEW, ResourceState.IDLE, ResourceState.MAINTENANCE)) {
            assertEquals(new Instruction.Continue(), next(row(state, null), null, NodeState.IDLE));
        }
    }

    @Test
    public void whatRunsAnImageThatItIsNotBoundToStartsOver() {
        assertEquals(new Instruction.Reboot(), next(row(ResourceState.IDLE, null), null, NodeState.ACTIVE));
        assertEquals(
                new Instruction.Reboot(),
                next(row(ResourceState.RELEASING, null), bound(true, ADDRESS, true), NodeState.ACTIVE));
    }

    @Test
    public void aMachineThatIsReleasedStartsOverWhereverItIs() {
        for (NodeState state : List.of(NodeState.IDLE, NodeState.MOUNTING, NodeState.STARTING, NodeState.ACTIVE)) {
            assertEquals(
                    new Instruction.Reboot(),
                    next(row(ResourceState.RELEASING, null), bound(true, ADDRESS, true), state));
        }
    }

    @Test
    public void aBoundMachineThatRunsItsImageGoesOn() {
        for (ResourceState state : List.of(ResourceState.BOOTING, ResourceState.ACTIVE, ResourceState.ERROR)) {
            assertEquals(
                    new Instruction.Continue(), next(row(state, null), bound(true, ADDRESS, false), NodeState.ACTIVE));
        }
    }

    @Test
    public void aMachineThatRunsAnotherKernelThanItsPlanSaysRestarts() {
        assertEquals(
                new Instruction.Reboot(),
                next(row(ResourceState.BOOTING, null), bound(false, ADDRESS, false), NodeState.IDLE));
    }

    @Test
    public void anImageIsStartedOnlyWhenStorageIsOpenToThisVeryAddress() {
        for (String open : new String[] {null, "10.77.0.10", "10.77.0.1010", ""}) {
            assertEquals(
                    new Instruction.Continue(),
                    next(row(ResourceState.BOOTING, null), bound(true, open, false), NodeState.IDLE));
        }
        assertEquals(
                new Instruction.StartImage("web", "node-1", MOUNT, true, PACKAGES),
                next(row(ResourceState.BOOTING, null), bound(true, ADDRESS, false), NodeState.IDLE));
    }

    @Test
    public void anImageIsStartedOnce() {
        for (NodeState state : List.of(NodeState.MOUNTING, NodeState.STARTING)) {
            assertEquals(
                    new Instruction.Continue(),
                    next(row(ResourceState.BOOTING, null), bound(true, ADDRESS, false), state));
        }
    }

    @Test
    public void noMachineStartsAnImageInAnyOtherState() {
        for (ResourceState state : ResourceState.values()) {
            if (state == ResourceState.BOOTING || state == ResourceState.RELEASING) {
                continue;
            }
            assertEquals(
                    state.name(),
                    new Instruction.Continue(),
                    next(row(state, null), bound(true, ADDRESS, false), NodeState.IDLE));
        }
    }

    private static Instruction next(ResourceRow row, AssignmentRow assignment, NodeState state) {
        return Instructions.next(row, assignment, state, PACKAGES);
    }

    private static ResourceRow row(ResourceState state, Order order) {
        Resource resource = new Resource(
                1,
                new MacAddress("52:54:00:aa:00:01"),
                "node-1",
                ResourceKind.NODE,
                null,
                null,
                state,
                "",
                Hardware.UNKNOWN,
                ADDRESS,
                null,
                0,
                null,
                1);
        return new ResourceRow(resource, true, null, false, order, "default", "boot", "hash", "key", 22);
    }

    private static AssignmentRow bound(boolean booted, String open, boolean releasing) {
        BootConfiguration configuration =
                new BootConfiguration("default", Loader.LINUX, List.of(new BootModule("vmlinuz", List.of(), true)));
        return new AssignmentRow(1, "web", new AssignmentRow.Plan(configuration, MOUNT, true), open, booted, releasing);
    }
}
