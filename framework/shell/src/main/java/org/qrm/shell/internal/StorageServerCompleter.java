package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.storage.StorageServers;

/** Names of storage servers. */
@Service
public final class StorageServerCompleter extends KnownNames {

    @Reference(optional = true)
    StorageServers storageServers;

    @Override
    boolean isThere() {
        return storageServers != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return storageServers.list(Filter.all(), PageRequest.FIRST).items().stream()
                .map(server -> server.name());
    }
}
