package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

public class FitTest {

    private static final Requirements NEEDS = new Requirements(2, 2000, 2048, 2);

    @Test
    public void whatHasJustEnoughFits() {
        assertEquals(List.of(), objections(on("node", null, NEEDS), node(2, 2000, 2048, 2)));
    }

    @Test
    public void whatHasMoreFits() {
        assertEquals(List.of(), objections(on("node", null, NEEDS), node(64, 5000, 1 << 20, 8)));
    }

    @Test
    public void eachThatFallsShortIsToldWithBothFigures() {
        assertEquals(
                List.of(
                        "it has 1 CPU, 2 are needed",
                        "it has 1999 MHz, 2000 are needed",
                        "it has 2047 MiB of memory, 2048 are needed",
                        "it has 1 network card, 2 are needed"),
                objections(on("node", null, NEEDS), node(1, 1999, 2047, 1)));
    }

    @Test
    public void whatAHostNeedsIsToldAsSuch() {
        assertEquals(
                List.of("it has 1 network card, 2 are needed by a host of xen"),
                objections(on("node", "xen", new Requirements(0, 0, 0, 2)), node(1, 1, 1, 1)));
    }

    @Test
    public void anUnknownClockIsNoClockThatIsFastEnough() {
        assertEquals(
                List.of("it has 0 MHz, 2000 are needed"),
                objections(on("node", null, new Requirements(0, 2000, 0, 0)), node(4, 0, 4096, 1)));
    }

    @Test
    public void aTagThatIsMissingOrSaysSomethingElseIsTold() {
        Requirements needs = new Requirements(0, 0, 0, 0, Tag.parseLine("need", "gpu rack=7 row"));
        assertEquals(
                List.of(
                        "it is not tagged gpu, which is needed",
                        "it is tagged rack=8, and rack=7 is needed",
                        "it is not tagged row, which is needed"),
                objections(on("node", null, needs), tagged("rack=8 rows=1")));
        assertEquals(List.of(), objections(on("node", null, needs), tagged("gpu=a100 rack=7 row=3 spare")));
    }

    @Test
    public void nodesAndPartitionsAreNotTakenForEachOther() {
        assertEquals(
                List.of("it is a partition, and the environment runs on nodes"),
                objections(on("node", null, Requirements.NONE), partition("xen")));
        assertEquals(List.of(), objections(on("partition:xen", null, Requirements.NONE), partition("xen")));
        assertEquals(
                List.of("it is no partition of xen"),
                objections(on("partition:xen", null, Requirements.NONE), partition("kvm")));
        assertEquals(
                List.of("it is no partition of xen"),
                objections(on("partition:xen", null, Requirements.NONE), node(1, 1, 1, 1)));
    }

    @Test
    public void whatRunsOnAnythingTakesNodesAndEachPluginsPartitions() {
        for (Resource machine : List.of(node(1, 1000, 1024, 1), partition("xen"), partition("other"))) {
            assertEquals(List.of(), objections(on("any", null, Requirements.NONE), machine));
        }
    }

    @Test
    public void onlyAnIdleMachineThatNothingIsBoundToFits() {
        for (ResourceState state : ResourceState.values()) {
            List<String> objections =
                    objections(on("node", null, Requirements.NONE), resource(state, null, ResourceKind.NODE, null, 1));
            assertEquals(state.name(), state == ResourceState.IDLE ? 0 : 1, objections.size());
        }
        assertEquals(
                List.of("it is active with db, not idle"),
                objections(
                        on("node", null, Requirements.NONE),
                        resource(ResourceState.ACTIVE, "db", ResourceKind.NODE, null, 1)));
        assertEquals(
                List.of("it is idle, but its storage is still being closed after db"),
                objections(
                        on("node", null, Requirements.NONE),
                        resource(ResourceState.IDLE, "db", ResourceKind.NODE, null, 1)));
    }

    @Test
    public void aMachineThatIsOffFitsWhenItCanBeSwitchedOn() {
        EnvironmentSpec anywhere = on("node", null, Requirements.NONE);
        Resource off = resource(ResourceState.OFF, null, ResourceKind.NODE, null, 1);
        for (WhenOff known : WhenOff.values()) {
            assertEquals(
                    known == WhenOff.SWITCHED_ON ? List.of() : List.of(known.told()), objections(anywhere, off, known));
        }
        assertEquals(
                "what it lacks says more than that others are enough",
                List.of("it has 1 CPU, 2 are needed"),
                objections(on("node", null, new Requirements(2, 0, 0, 0)), off, WhenOff.NOT_NEEDED));
        assertEquals(
                List.of("it is off, and no plug-in controls its power", "it has 1 CPU, 2 are needed"),
                objections(on("node", null, new Requirements(2, 0, 0, 0)), off, WhenOff.UNCONTROLLED));
    }

    @Test
    public void aPartitionThatIsOffIsItsHostsBusinessAndOneThatIsBoundNobodys() {
        assertEquals(
                List.of("it is off, not idle"),
                objections(
                        on("partition:xen", null, Requirements.NONE),
                        resource(ResourceState.OFF, null, ResourceKind.PARTITION, "xen", 1),
                        WhenOff.SWITCHED_ON));
        assertEquals(
                List.of("it is off with db, not idle"),
                objections(
                        on("node", null, Requirements.NONE),
                        resource(ResourceState.OFF, "db", ResourceKind.NODE, null, 1),
                        WhenOff.SWITCHED_ON));
    }

    @Test
    public void withSecureBootOnlyTheIdleKernelStarts() {
        Resource secure = with(new Hardware(1, 1, 1, List.of(), Map.of(Hardware.SECURE_BOOT, "on")));
        assertEquals(List.of(), objections(on("node", null, Requirements.NONE), secure));
        assertEquals(
                List.of("Secure Boot is on in its firmware: it starts with the boot image default and without kernel"
                        + " arguments only"),
                objections(booting("default", null, List.of("quiet")), secure));
        assertEquals(
                List.of("Secure Boot is on in its firmware, and the hypervisor of a host of xen is not signed"),
                objections(booting("Xen_kernel_1_0", "xen", List.of()), secure));
        for (Map<String, String> details : List.of(Map.of(Hardware.SECURE_BOOT, "off"), Map.<String, String>of())) {
            Resource other = with(new Hardware(1, 1, 1, List.of(), details));
            assertEquals(List.of(), objections(booting("Xen_kernel_1_0", "xen", List.of()), other));
        }
    }

    private static List<String> objections(EnvironmentSpec spec, Resource resource) {
        return objections(spec, resource, WhenOff.UNCONTROLLED);
    }

    private static List<String> objections(EnvironmentSpec spec, Resource resource, WhenOff whenOff) {
        return Fit.objections(spec, resource, new NeededDevices(null, spec, List.of()), whenOff);
    }

    private static EnvironmentSpec on(String runsOn, String partitioning, Requirements needs) {
        return new EnvironmentSpec(
                "web", "default", "image", EnvironmentMode.SINGLE, partitioning, runsOn, needs, List.of(), "");
    }

    private static EnvironmentSpec booting(String image, String partitioning, List<String> arguments) {
        return new EnvironmentSpec(
                "web", image, "image", EnvironmentMode.SINGLE, partitioning, "node", Requirements.NONE, arguments, "");
    }

    private static Resource node(int cpus, int mhz, long memory, int cards) {
        return resource(ResourceState.IDLE, null, ResourceKind.NODE, null, cpus, mhz, memory, cards);
    }

    private static Resource tagged(String tags) {
        Resource it = node(1, 1000, 1024, 1);
        return new Resource(
                it.id(),
                it.mac(),
                it.name(),
                it.kind(),
                null,
                null,
                it.state(),
                "",
                it.hardware(),
                null,
                null,
                0,
                Tag.parseLine("tag", tags),
                null,
                1);
    }

    private static Resource partition(String plugin) {
        return resource(ResourceState.IDLE, null, ResourceKind.PARTITION, plugin, 1);
    }

    private static Resource resource(
            ResourceState state, String environment, ResourceKind kind, String plugin, int cpus) {
        return resource(state, environment, kind, plugin, cpus, 1000, 1024, 1);
    }

    private static Resource resource(
            ResourceState state,
            String environment,
            ResourceKind kind,
            String plugin,
            int cpus,
            int mhz,
            long memory,
            int cards) {
        NetworkCard card = new NetworkCard(new MacAddress("52:54:00:aa:00:01"), "eth0", "e1000", 1000);
        return with(
                new Hardware(cpus, mhz, memory, Collections.nCopies(cards, card), Map.of()),
                state,
                environment,
                kind,
                plugin);
    }

    private static Resource with(Hardware hardware) {
        return with(hardware, ResourceState.IDLE, null, ResourceKind.NODE, null);
    }

    private static Resource with(
            Hardware hardware, ResourceState state, String environment, ResourceKind kind, String plugin) {
        return new Resource(
                1,
                new MacAddress("52:54:00:aa:00:01"),
                "node-1",
                kind,
                plugin == null ? null : 7L,
                plugin,
                state,
                "",
                hardware,
                null,
                environment,
                0,
                null,
                1);
    }
}
