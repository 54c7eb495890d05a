package org.qrm.commands.noun;

import java.util.stream.Stream;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceSize;
import org.qrm.api.resource.ResourceState;
import org.qrm.commands.About;

/** How many resources of one size there are, and how many of them are free. */
record SizeView(
        @About("what they are") ResourceKind kind,
        @About("CPUs of each") int cpus,

        @About("memory of each in MiB, from two GiB on to the nearest GiB")
        long memoryMb,

        @About("how many there are") long all,
        @About("how many of them can be started on") long idle,

        @About("how many run a virtual environment, or are on their way into one or out of one")
        long used,

        @About("how many have no power") long off,
        @About("how many are not heard of") long error) {

    static SizeView of(ResourceSize size) {
        return new SizeView(
                size.kind(),
                size.cpus(),
                size.memoryMb(),
                size.all(),
                count(size, ResourceState.IDLE),
                count(
                        size,
                        ResourceState.ASSIGNED,
                        ResourceState.BOOTING,
                        ResourceState.ACTIVE,
                        ResourceState.RELEASING),
                count(size, ResourceState.OFF),
                count(size, ResourceState.ERROR));
    }

    private static long count(ResourceSize size, ResourceState... states) {
        return Stream.of(states)
                .mapToLong(state -> size.states().getOrDefault(state, 0L))
                .sum();
    }
}
