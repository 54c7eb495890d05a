package org.qrm.core.resource;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceSize;
import org.qrm.api.resource.ResourceState;

/** How many resources there are of each size. */
final class ResourceSizes {

    private static final int MOST = 1000;

    private ResourceSizes() {}

    private record Size(ResourceKind kind, int cpus, long memoryMb) {}

    /** The commonest, the smallest first. */
    static List<ResourceSize> of(Handle handle) {
        Map<Size, Map<ResourceState, Long>> sizes = new HashMap<>();
        handle.createQuery("select kind, cpus, memory_mb, state, count(*) as number from resource"
                        + " group by kind, cpus, memory_mb, state order by number desc fetch first 10000 rows only")
                .map((row, context) -> {
                    Size size = new Size(
                            ResourceKind.valueOf(row.getString("kind")),
                            row.getInt("cpus"),
                            nearest(row.getLong("memory_mb")));
                    return sizes.computeIfAbsent(size, same -> new EnumMap<>(ResourceState.class))
                            .merge(ResourceState.valueOf(row.getString("state")), row.getLong("number"), Long::sum);
                })
                .list();
        return sizes.entrySet().stream()
                .map(each -> new ResourceSize(
                        each.getKey().kind(),
                        each.getKey().cpus(),
                        each.getKey().memoryMb(),
                        each.getValue()))
                .sorted(Comparator.comparingLong(ResourceSize::all).reversed())
                .limit(MOST)
                .sorted(Comparator.comparing(ResourceSize::kind)
                        .thenComparing(ResourceSize::cpus)
                        .thenComparing(ResourceSize::memoryMb))
                .toList();
    }

    /** To the nearest GiB, from two on. */
    private static long nearest(long memoryMb) {
        return memoryMb < 2000 ? memoryMb : (memoryMb + 512) / 1024 * 1024;
    }
}
