package org.qrm.core.environment;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.core.resource.DeviceRows;

/** Which of many machines have the devices that an environment needs; looked up once for all of them. */
final class NeededDevices {

    private final Map<String, Set<Long>> having = new LinkedHashMap<>();

    /** @param machines those that are asked about */
    NeededDevices(Handle handle, EnvironmentSpec spec, Collection<Long> machines) {
        spec.requirements().devices().forEach(each -> having.put(each, DeviceRows.having(handle, each, machines)));
    }

    /** What it has none of. */
    List<String> lackedBy(long machine) {
        return having.keySet().stream()
                .filter(each -> !having.get(each).contains(machine))
                .toList();
    }
}
