package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.environment.VirtualEnvironments;

/** Names of the secret arguments that are set for the virtual environment that stands before. */
@Service
public final class SecretArgumentCompleter extends KnownNames {

    @Reference(optional = true)
    VirtualEnvironments environments;

    @Override
    boolean isThere() {
        return environments != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return words.stream()
                .skip(1)
                .flatMap(word -> environments.find(word).stream())
                .limit(1)
                .flatMap(environment -> environment.secretArguments().stream());
    }
}
