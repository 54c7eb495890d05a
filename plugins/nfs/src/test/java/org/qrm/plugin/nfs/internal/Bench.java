package org.qrm.plugin.nfs.internal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.storage.StorageServers;
import org.qrm.testkit.FakeEvents;

/** The storage type on a workbench: what it calls is played by this class. */
final class Bench implements StorageServers, WorkContext {

    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final List<StorageServer> servers = new ArrayList<>();
    final List<Double> fractions = new ArrayList<>();
    volatile boolean cancelled;
    String pinned;

    final FakeEvents eventLog = new FakeEvents();

    /** What is being done when somebody cancels; null for never. */
    String cancelWhen;

    static StorageServer server(Path root) {
        return new StorageServer("store", "nfs", "10.88.0.2", "10.88.0.2", root.toString(), "ecdsa-sha2-nistp256 AAAA");
    }

    static FilesystemImage image(String name, Path path) {
        return new FilesystemImage(name, "store", path.toString(), FilesystemImage.State.CREATING, "", 0, null, "");
    }

    @Override
    public Optional<StorageServer> find(String name) {
        return servers.stream().filter(server -> server.name().equals(name)).findFirst();
    }

    @Override
    public StorageFacts probe(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String pinHostKey(String name, String hostKey) {
        pinned = hostKey;
        return hostKey;
    }

    @Override
    public Instant deadline() {
        return Instant.now().plusSeconds(600);
    }

    @Override
    public void progress(double fraction, String doing) {
        fractions.add(fraction);
        cancelled |= doing.equals(cancelWhen);
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public void checkpoint() {
        if (cancelled) {
            throw new CancelledException("cancelled");
        }
    }

    @Override
    public Page<StorageServer> list(
            Filter<StorageServerField> filter, Sort<StorageServerField> sort, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageServer create(StorageServer server) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageServer update(StorageServer server, Expected<StorageServer> expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageServer remark(String name, Remark said, Expected<StorageServer> expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String name, Expected<StorageServer> expected) {
        throw new UnsupportedOperationException();
    }
}
