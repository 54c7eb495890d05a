package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.resource.Resources;

/** Names of resources. */
@Service
public final class ResourceCompleter extends KnownNames {

    @Reference(optional = true)
    Resources resources;

    @Override
    boolean isThere() {
        return resources != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return resources.list(Filter.all(), PageRequest.FIRST).items().stream().map(resource -> resource.name());
    }
}
