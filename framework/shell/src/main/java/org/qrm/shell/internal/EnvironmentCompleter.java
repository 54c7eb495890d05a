package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;

/** Names of virtual environments. */
@Service
public final class EnvironmentCompleter extends KnownNames {

    @Reference(optional = true)
    VirtualEnvironments environments;

    @Override
    boolean isThere() {
        return environments != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return environments.list(Filter.all(), PageRequest.FIRST).items().stream()
                .map(VirtualEnvironment::name);
    }
}
