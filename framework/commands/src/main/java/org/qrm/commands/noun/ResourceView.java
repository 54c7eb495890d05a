package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.qrm.api.Tag;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.commands.About;
import org.qrm.commands.Restless;

/** A resource as it is answered. */
record ResourceView(
        @About("its number, never used again") long id,
        @About("the card it boots from: 52:54:00:aa:00:01") String mac,
        @About("its name, unique") String name,
        @About("what it is made of") ResourceKind kind,
        @About("where it stands") ResourceState state,

        @About("why it is in error or maintenance, else empty")
        String reason,

        @About(value = "the resource that a partition runs on", optional = true)
        Long hostId,

        @About(value = "the plug-in whose partition it is", optional = true)
        String partitionOf,

        @About("whether it has power, as who switches it told last; unknown when it is not told, or nobody can tell")
        PowerState power,

        @About(value = "when that was told first, or ceased to be told", optional = true)
        Instant powerSince,

        @About("why its power is not told, in the words of who switches it, else empty")
        String powerProblem,

        @About("logical CPUs, 0 while unknown") int cpus,
        @About("clock of one CPU in MHz, 0 while unknown") int cpuMhz,
        @About("memory in MiB, 0 while unknown") long memoryMb,
        @About("network cards, the one it boots from first") List<NicView> nics,

        @About("its largest disk in GB (10^9 octets), 0 while none is known")
        int diskGb,

        @About("graphics processors") int gpus,

        @About(
                "what else it reported: arch kernel vendor product serial uuid, secure-boot (on, off), and left-out: what of it cannot be read")
        Map<String, String> details,

        @About(value = "IPv4 address at its last registration", optional = true)
        String address,

        @About(value = "name of the virtual environment it is bound to", optional = true)
        String environmentId,

        @About("what people say of it: gpu, rack=7") List<String> tags,

        @About("whom it belongs to, empty when nobody said") String owner,

        @About(value = "what others should know of it, Markdown; empty for none, null in lists", optional = true)
        String note,

        @About("one-minute load average at the last report") double load,

        @About(value = "last registration or report", optional = true)
        Instant lastSeen,

        @About("counts changes") long version)
        implements Restless {

    @Override
    public Object calm() {
        return new ResourceView(
                id,
                mac,
                name,
                kind,
                null,
                "",
                hostId,
                partitionOf,
                null,
                null,
                "",
                0,
                0,
                0,
                List.of(),
                0,
                0,
                Map.of(),
                null,
                null,
                tags,
                owner,
                note,
                0,
                null,
                0);
    }

    record NicView(
            @About("its address") String mac,
            @About("the kernel's name, may be empty") String name,
            @About("the kernel driver, may be empty") String driver,
            @About("link speed in Mbit/s, 0 when unknown") int speedMbit) {}

    static ResourceView of(Resource resource) {
        Hardware hardware = resource.hardware();
        return new ResourceView(
                resource.id(),
                resource.mac().value(),
                resource.name(),
                resource.kind(),
                resource.state(),
                resource.reason(),
                resource.hostId(),
                resource.partitionOf(),
                resource.power().state(),
                resource.power().since(),
                resource.power().problem(),
                hardware.cpus(),
                hardware.cpuMhz(),
                hardware.memoryMb(),
                hardware.nics().stream()
                        .map(nic -> new NicView(nic.mac().value(), nic.name(), nic.driver(), nic.speedMbit()))
                        .toList(),
                hardware.diskGb(),
                hardware.gpus(),
                hardware.details(),
                resource.address(),
                resource.environmentId(),
                resource.tags().stream().map(Tag::toString).toList(),
                resource.remark().owner(),
                resource.remark().note(),
                resource.load(),
                resource.lastSeen(),
                resource.version());
    }
}
