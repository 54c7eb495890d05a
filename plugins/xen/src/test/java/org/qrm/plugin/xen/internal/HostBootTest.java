package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.Loader;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.Environment;
import org.qrm.testkit.FakePlugins;
import org.qrm.testkit.Machine;
import org.qrm.testkit.TestWork;

public class HostBootTest {

    static final BootConfiguration PLANNED = new BootConfiguration(
            HostBootImage.NAME,
            Loader.MULTIBOOT,
            List.of(
                    new BootModule("xen.gz", List.of(), false),
                    new BootModule("vmlinuz", List.of("console=tty0", "console=ttyS0,115200n8", "debug"), true),
                    new BootModule("initrd.img", List.of(), false)));

    private final FakePlugins plugins = new FakePlugins(XenPlugin.ID);
    private final HostBoot boot = new HostBoot(plugins, Map.of());

    @Test
    public void bootsTheHypervisorWithTheNetworkParametersOnTheKernelsLine() {
        BootConfiguration boots = assign(machine(2, 2048), "xen", PLANNED);
        assertEquals(Loader.MULTIBOOT, boots.loader());
        assertEquals(
                List.of(
                        new BootModule("xen.gz", HostOptions.DEFAULT.hypervisorLine(2), false),
                        new BootModule("vmlinuz", List.of("console=tty0", "debug", "console=hvc0"), true),
                        new BootModule("initrd.img", List.of(), false)),
                boots.modules());
    }

    @Test
    public void tellsHostsAloneTheirGatewayAndPutsItOnNoLine() {
        Resource machine = machine(2, 2048);
        assertEquals(Map.of(), boot.secretArguments(host().on(machine), new TestWork()));
        plugins.answered(Map.of("defaultGateway", "10.77.0.1"));
        assertEquals(Map.of("xen.gateway", "10.77.0.1"), boot.secretArguments(host().on(machine), new TestWork()));
        assertEquals(Map.of(), boot.secretArguments(host().partitioning("kvm").on(machine), new TestWork()));
        String lines = assign(machine, "xen", PLANNED).toString();
        assertFalse(lines, lines.contains("10.77.0.1"));
    }

    @Test
    public void refusesAMachineWithOneCardOrTooLittleMemoryWithTheFigures() {
        assertRefused("it has 1 network card of 2", machine(1, 2048), PLANNED);
        assertRefused("it has 600 MiB of memory; the host itself gets 512 MiB", machine(2, 600), PLANNED);
    }

    @Test
    public void refusesABootImageWithoutHypervisor() {
        BootConfiguration linux =
                new BootConfiguration("default", Loader.LINUX, List.of(new BootModule("vmlinuz", List.of(), true)));
        assertRefused("boot image default boots no hypervisor", machine(2, 2048), linux);
    }

    @Test
    public void startsNoHostWithAWrongConfigurationAndSaysSoUntilItIsCorrected() {
        boot.configure(Map.of("dom0Memory", "lots"));
        assertEquals(HealthResult.Status.WARN, boot.execute().status());
        QrmException wrong = assertThrows(QrmException.class, () -> assign(machine(2, 2048), "xen", PLANNED));
        assertTrue(wrong.getMessage(), wrong.getMessage().contains("dom0Memory=lots"));
        boot.configure(Map.of("dom0Memory", "700"));
        assertEquals(HealthResult.Status.OK, boot.execute().status());
        assertTrue(assign(machine(2, 2048), "xen", PLANNED)
                .modules()
                .get(0)
                .arguments()
                .contains("dom0_mem=700M,max:700M"));
    }

    /** A virtual environment that makes its machine a host. */
    static Environment host() {
        return Environment.named("host")
                .booting(HostBootImage.NAME)
                .in(EnvironmentMode.MULTI)
                .partitioning(XenPlugin.ID);
    }

    private static Resource machine(int cards, long memoryMb) {
        return Machine.node(3)
                .named("node-1")
                .hardware(2, 2400, memoryMb)
                .cards(cards)
                .resource();
    }

    private void assertRefused(String reason, Resource machine, BootConfiguration planned) {
        QrmException refused = assertThrows(QrmException.class, () -> assign(machine, "xen", planned));
        assertEquals(Problem.Kind.REFUSED, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.problem().reason().contains(reason));
    }

    private BootConfiguration assign(Resource machine, String partitioning, BootConfiguration planned) {
        return boot.beforeAssign(host().partitioning(partitioning).on(machine), planned, new TestWork());
    }
}
