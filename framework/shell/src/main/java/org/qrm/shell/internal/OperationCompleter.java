package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.operation.Operations;

/** Numbers of the newest operations. */
@Service
public final class OperationCompleter extends KnownNames {

    @Reference(optional = true)
    Operations operations;

    @Override
    boolean isThere() {
        return operations != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return operations.list(Filter.all(), new PageRequest(50, null)).items().stream()
                .map(operation -> Long.toString(operation.id()));
    }
}
