package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.PageRequest;
import org.qrm.api.environment.VirtualEnvironments;

/** Names of virtual environments. */
@Service
public final class EnvironmentCompleter extends KnownNames {

    @Reference(optional = true)
    VirtualEnvironments virtualEnvironments;

    @Override
    boolean isThere() {
        return virtualEnvironments != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return virtualEnvironments.list(null, PageRequest.FIRST).items().stream()
                .map(environment -> environment.name());
    }
}
