package org.qrm.core.storage;

import java.time.Duration;
import java.util.Optional;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.event.Priority;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.store.Database;
import org.qrm.core.store.Remarks;

/** Storage servers. */
public final class StorageServerService implements StorageServers {

    private static final String NOUN = "storage server";
    private static final String CREATE = "create storage server";
    private static final String UPDATE = "change storage server";
    private static final String DELETE = "delete storage server";

    private static final String PROBE = "check storage server";

    /** Connecting (10 s) and logging in (20 s) over SSH end with their own reasons before, and a face waits 60 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final Database database;
    private final StorageTypes types;
    private final PluginCalls calls;

    public StorageServerService(Database database, StorageTypes types, PluginCalls calls) {
        this.database = database;
        this.types = types;
        this.calls = calls;
    }

    @Override
    public Optional<StorageServer> find(String name) {
        return database.read(
                handle -> StorageServerRows.find(handle, name).map(server -> StorageServerRows.whole(handle, server)));
    }

    @Override
    public Page<StorageServer> list(
            Filter<StorageServerField> filter, Sort<StorageServerField> sort, PageRequest page) {
        return database.read(handle -> StorageServerRows.LISTING.page(handle, filter, sort, page));
    }

    @Override
    public StorageFacts probe(String name) {
        StorageServer server = find(name).orElseThrow(() -> QrmException.notFound(PROBE, NOUN, Name.printable(name)));
        StorageType type = types.require(PROBE, name, server.type());
        return calls.call(type, "storage type " + type.name(), PATIENCE, null, work -> {
            return type.probe(server, work);
        });
    }

    @Override
    public StorageServer create(StorageServer server) {
        StorageServer checked = checked(CREATE, server);
        try {
            return database.change(change -> {
                StorageServerRows.insert(change.handle(), checked);
                change.event(
                        Priority.INFO,
                        "storage-server.created",
                        subject(checked.name()),
                        "Storage server " + checked.name() + " (" + checked.type() + " at " + checked.address()
                                + ") was created.",
                        null);
                return checked;
            });
        } catch (RuntimeException failed) {
            if (Database.isConstraint(failed)) {
                throw QrmException.conflict(CREATE, checked.name(), "the name is taken", "Choose another name.");
            }
            throw failed;
        }
    }

    @Override
    public StorageServer update(StorageServer server, Expected<StorageServer> expected) {
        StorageServer checked = checked(UPDATE, server);
        return database.change(change -> {
            StorageServer before = StorageServerRows.lock(change.handle(), checked.name())
                    .orElseThrow(() -> QrmException.notFound(UPDATE, NOUN, checked.name()));
            StorageServerRows.imageOutside(change.handle(), checked.name(), checked.exportRoot())
                    .ifPresent(image -> refuseBecauseOf(image, checked));
            if (!before.type().equals(checked.type())) {
                StorageServerRows.imageOn(change.handle(), checked.name()).ifPresent(image -> {
                    throw QrmException.conflict(
                            UPDATE,
                            checked.name(),
                            "filesystem image " + image + " is on it, kept as " + before.type(),
                            "Delete its images first, or create another storage server.");
                });
            }
            StorageServer whole = StorageServerRows.whole(change.handle(), before);
            expected.check(whole);
            StorageServerRows.update(change.handle(), checked);
            return checked.remarked(whole.remark());
        });
    }

    @Override
    public StorageServer remark(String name, Remark said, Expected<StorageServer> expected) {
        Remark checked = said.checked(UPDATE, name);
        return database.change(change -> {
            StorageServer before = StorageServerRows.whole(
                    change.handle(),
                    StorageServerRows.lock(change.handle(), name)
                            .orElseThrow(() -> QrmException.notFound(UPDATE, NOUN, Name.printable(name))));
            expected.check(before);
            StorageServerRows.REMARKS.change(
                    change,
                    name,
                    before.remark(),
                    checked,
                    new Remarks.Told("storage-server", subject(name), "Storage server " + name, null));
            return before.remarked(before.remark().after(checked));
        });
    }

    private static void refuseBecauseOf(String image, StorageServer server) {
        throw QrmException.conflict(
                UPDATE,
                server.name(),
                "filesystem image " + image + " would lie outside " + server.exportRoot(),
                "Choose an export root above all its images, or delete them first.");
    }

    @Override
    public void delete(String name, Expected<StorageServer> expected) {
        database.change(change -> {
            StorageServer before = StorageServerRows.lock(change.handle(), name)
                    .orElseThrow(() -> QrmException.notFound(DELETE, NOUN, Name.printable(name)));
            StorageServerRows.imageOn(change.handle(), name).ifPresent(image -> {
                throw QrmException.conflict(
                        DELETE, name, "filesystem image " + image + " is on it", "Delete its images first.");
            });
            expected.check(StorageServerRows.whole(change.handle(), before));
            StorageServerRows.delete(change.handle(), name);
            change.event(
                    Priority.INFO,
                    "storage-server.deleted",
                    subject(name),
                    "Storage server " + name + " was deleted; nothing was changed on it.",
                    null);
            return null;
        });
    }

    @Override
    public String pinHostKey(String name, String hostKey) {
        Checked.hostKey("pin host key", hostKey);
        return database.change(change -> {
            StorageServerRows.pin(change.handle(), name, hostKey);
            return StorageServerRows.find(change.handle(), name)
                    .map(StorageServer::hostKey)
                    .orElseThrow(() -> QrmException.notFound("pin host key", NOUN, Name.printable(name)));
        });
    }

    private static StorageServer checked(String attempted, StorageServer server) {
        return new StorageServer(
                Name.checked(attempted, NOUN, server.name()),
                StorageTypes.key(Name.checked(attempted, "storage type", server.type())),
                Checked.ipv4(attempted, server.address()),
                Checked.host(attempted, server.managementAddress()),
                Checked.path(attempted, server.exportRoot()),
                Checked.hostKey(attempted, server.hostKey()));
    }

    private static String subject(String name) {
        return "storage-server/" + name;
    }
}
