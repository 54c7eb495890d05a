package org.qrm.rest.internal.fake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.storage.StorageServers;

/** Storage servers in a map; of each is found what it was told to say. */
public final class FakeStorage implements StorageServers {

    public Filter<StorageServerField> lastFilter;
    public Sort<StorageServerField> lastSort;

    private final Map<String, StorageServer> all = new TreeMap<>();
    public volatile RuntimeException probeFails;

    @Override
    public Optional<StorageServer> find(String name) {
        return Optional.ofNullable(all.get(name));
    }

    @Override
    public Page<StorageServer> list(
            Filter<StorageServerField> filter, Sort<StorageServerField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        return Pages.cut(List.copyOf(all.values()), page);
    }

    @Override
    public StorageServer create(StorageServer server) {
        if (all.putIfAbsent(server.name(), server) != null) {
            throw QrmException.conflict("create storage server", server.name(), "the name is taken", "");
        }
        return server;
    }

    @Override
    public StorageServer update(StorageServer server, Expected<StorageServer> expected) {
        expected.check(all.get(server.name()));
        all.put(server.name(), server);
        return server;
    }

    @Override
    public StorageServer remark(String name, Remark said, Expected<StorageServer> expected) {
        StorageServer before = all.get(name);
        expected.check(before);
        all.put(name, before.remarked(before.remark().after(said.checked("change storage server", name))));
        return all.get(name);
    }

    @Override
    public void delete(String name, Expected<StorageServer> expected) {
        expected.check(all.get(name));
        all.remove(name);
    }

    @Override
    public String pinHostKey(String name, String hostKey) {
        return hostKey;
    }

    @Override
    public StorageFacts probe(String name) {
        if (probeFails != null) {
            throw probeFails;
        }
        return new StorageFacts("kernel NFS server", 1_000_000, "images share a file system");
    }

    public void refuseKey() {
        probeFails = new QrmException(new Problem(
                Problem.Kind.FORBIDDEN, "log in", "10.0.0.6", "our key is not accepted", "Install the line."));
    }
}
