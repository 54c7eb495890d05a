package org.qrm.commands.noun;

import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.partition.Partition;
import org.qrm.api.resource.Resource;
import org.qrm.commands.ApiServices;

/** Finds a machine as a person names it. */
public final class ResourceLookup {

    private static final int LONGEST = 80;

    private ResourceLookup() {}

    /** @throws QrmException NOT_FOUND */
    public static Resource find(ApiServices services, String idNameOrMac) {
        if (idNameOrMac.isEmpty() || idNameOrMac.length() > LONGEST) {
            throw absent(idNameOrMac);
        }
        return services.resources().find(idNameOrMac).orElseThrow(() -> absent(idNameOrMac));
    }

    /** @throws QrmException NOT_FOUND; CONFLICT when it is something else */
    public static Partition partition(ApiServices services, String idNameOrMac) {
        Resource resource = find(services, idNameOrMac);
        return services.partitions()
                .find(resource.id())
                .orElseThrow(() -> QrmException.conflict(
                        "find partition", resource.name(), "this resource is no partition", "Name a partition."));
    }

    private static QrmException absent(String text) {
        return QrmException.notFound("find resource", "resource", Name.printable(text));
    }
}
