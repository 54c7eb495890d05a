package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has machines that become Xen hosts boot the hypervisor, with the parameters by which a machine finds its server on the
 * line of the dom0 kernel: what stands on the hypervisor's line does not reach {@code /proc/cmdline} in dom0.
 */
@Component(
        service = {AssignmentListener.class, HealthCheck.class},
        configurationPid = HostOptions.PID)
public final class HostBoot implements AssignmentListener, HealthCheck {

    static final int CARDS = 2;

    /** The argument by which a host is told its default gateway. */
    static final String GATEWAY = "xen.gateway";

    private static final Logger LOG = LoggerFactory.getLogger(HostBoot.class);
    private static final String PREPARE = "prepare Xen host";

    /** MiB for the hypervisor itself and for one small partition, beside dom0. */
    private static final int BESIDE_DOM0 = 128;

    private final Plugins plugins;
    private volatile HostOptions options = HostOptions.DEFAULT;
    private volatile QrmException misconfigured;

    @Activate
    public HostBoot(@Reference Plugins plugins, Map<String, Object> configuration) {
        this.plugins = plugins;
        configure(configuration);
    }

    /** Takes over a changed configuration, for hosts that are started from now on. */
    @Modified
    void configure(Map<String, Object> configuration) {
        try {
            options = HostOptions.parse(configuration);
            misconfigured = null;
        } catch (QrmException invalid) {
            misconfigured = invalid;
            LOG.error("{}", invalid.getMessage());
        }
    }

    @Override
    public String name() {
        return XenPlugin.ID;
    }

    @Override
    public HealthResult execute() {
        QrmException wrong = misconfigured;
        return wrong == null
                ? new HealthResult(HealthResult.Status.OK, "hosts get " + options.dom0Memory() + " MiB for themselves")
                : new HealthResult(HealthResult.Status.WARN, wrong.getMessage());
    }

    @Override
    public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
        if (!XenPlugin.ID.equals(assignment.environment().partitioning())) {
            return planned;
        }
        QrmException wrong = misconfigured;
        if (wrong != null) {
            throw wrong;
        }
        HostOptions now = options;
        refuseUnfit(assignment, planned, now);
        List<BootModule> modules = new ArrayList<>();
        modules.add(new BootModule(
                planned.modules().get(0).file(),
                now.hypervisorLine(assignment.resource().hardware().cpus()),
                false));
        modules.add(kernel(planned.modules().get(1), now));
        modules.addAll(planned.modules().subList(2, planned.modules().size()));
        return new BootConfiguration(planned.bootImage(), Loader.MULTIBOOT, modules);
    }

    /** What the boot service reads: neither hypervisor nor kernel has to know it, so it is on no line for everybody to read. */
    @Override
    public Map<String, String> secretArguments(Assignment assignment, WorkContext work) {
        String gateway = XenPlugin.ID.equals(assignment.environment().partitioning())
                ? plugins.answers(XenPlugin.ID).getOrDefault(XenSettings.DEFAULT_GATEWAY, "")
                : "";
        return gateway.isEmpty() ? Map.of() : Map.of(GATEWAY, gateway);
    }

    /** The hypervisor has the serial line; the kernel writes to the hypervisor's console, last and so foremost. */
    private static BootModule kernel(BootModule planned, HostOptions now) {
        List<String> line = new ArrayList<>();
        planned.arguments().stream()
                .filter(argument -> !argument.startsWith("console=ttyS"))
                .forEach(line::add);
        line.add("console=hvc0");
        line.addAll(now.kernelArguments());
        return new BootModule(planned.file(), line, true);
    }

    private static void refuseUnfit(Assignment assignment, BootConfiguration planned, HostOptions now) {
        String machine = assignment.resource().name();
        if (planned.loader() != Loader.MULTIBOOT || planned.modules().size() < 3) {
            throw QrmException.refused(
                    PREPARE,
                    machine,
                    "boot image " + planned.bootImage() + " boots no hypervisor",
                    "Give the virtual environment a boot image with a hypervisor: " + HostBootImage.NAME + ".");
        }
        int cards = assignment.resource().hardware().nics().size();
        if (cards < CARDS) {
            throw QrmException.refused(
                    PREPARE,
                    machine,
                    "it has " + cards + " network card" + (cards == 1 ? "" : "s") + " of " + CARDS,
                    "A host boots from one card, and its partitions use the other: take a machine with " + CARDS + ".");
        }
        long memory = assignment.resource().hardware().memoryMb();
        if (memory > 0 && memory < now.dom0Memory() + BESIDE_DOM0) {
            throw QrmException.refused(
                    PREPARE,
                    machine,
                    "it has " + memory + " MiB of memory; the host itself gets " + now.dom0Memory()
                            + " MiB, and hypervisor and partitions need at least " + BESIDE_DOM0,
                    "Take a machine with more memory, or lower dom0Memory in etc/" + HostOptions.PID + ".cfg.");
        }
    }
}
