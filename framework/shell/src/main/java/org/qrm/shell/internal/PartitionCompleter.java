package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.Resources;

/** Names of partitions. */
@Service
public final class PartitionCompleter extends KnownNames {

    @Reference(optional = true)
    Resources resources;

    @Override
    boolean isThere() {
        return resources != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return resources.list(Filter.by(ResourceField.KIND, ResourceKind.PARTITION), PageRequest.FIRST).items().stream()
                .map(resource -> resource.name());
    }
}
