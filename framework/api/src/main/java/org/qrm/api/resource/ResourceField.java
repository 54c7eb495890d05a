package org.qrm.api.resource;

import org.qrm.api.ListField;
import org.qrm.api.power.PowerState;

/** What resources can be narrowed and sorted by. States and kinds stand in the order of their names. */
public enum ResourceField implements ListField {
    ID(Use.sorts()),
    NAME(Use.sorts()),
    STATE(Use.both(ResourceState.class, "only in this state")),
    KIND(Use.both(ResourceKind.class, "only of this kind")),
    ENVIRONMENT_ID(Use.narrows(String.class, "only bound to this virtual environment")),
    HOST_ID(Use.narrows(Long.class, "only partitions of this resource")),
    PARTITION_OF(Use.narrows(String.class, "only partitions of this plug-in")),
    CPUS(Use.atLeast(Integer.class, "only with so many CPUs at least")),
    CPU_MHZ(Use.atLeast(Integer.class, "only with CPUs of so many MHz at least")),
    MEMORY_MB(Use.atLeast(Long.class, "only with so many MiB of memory at least")),
    POWER(Use.both(PowerState.class, "only with this power, as who switches it told last")),
    DISK_GB(Use.atLeast(Integer.class, "only with a disk of so many GB (10^9 octets) at least")),
    GPUS(Use.atLeast(Integer.class, "only with so many graphics processors at least")),
    DEVICE(Use.narrows(String.class, "only with a device that has this in its kind, model or serial number")),
    TAG(Use.narrows(String.class, "only with this tag: rack for any value of it, or rack=7")),
    OWNER(Use.both(String.class, "only of this owner, in great letters or small; empty for those of nobody")),
    GROUP(
            Use.narrows(
                    String.class,
                    "only of this group, as its list tells them: state:idle, tag:rack:7, or tag:rack for those that have none")),
    TEXT(
            Use.narrows(
                    String.class,
                    "only with this in name, MAC address (as it may be spelled), IP address, serial number, product, vendor, UUID, tag, owner or note"));

    private final Use use;

    ResourceField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
