package org.qrm.core.storage;

import static org.qrm.core.call.Admission.answered;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;

/** A storage type whose name and abilities were read once, and whose answers are answers. */
public final class AdmittedStorageType implements StorageType, Admission.Guarded {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,31}");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final StorageType type;
    private final String name;
    private final Set<StorageAbility> abilities;
    private final String who;
    private final PluginCalls calls;

    private AdmittedStorageType(StorageType type, String name, Set<StorageAbility> abilities, PluginCalls calls) {
        this.type = type;
        this.name = name;
        this.abilities = abilities;
        this.who = "storage type " + name;
        this.calls = calls;
    }

    /** Asks a storage type that arrived for its name, and for what it can do. */
    public static Admission<StorageType> by(PluginCalls calls) {
        return type -> {
            String who = "storage type " + type.getClass().getName();
            String name = answered(who, "name", calls.call(type, who, LIMIT, null, type::name), NAME, "\"nfs\"");
            Set<StorageAbility> abilities =
                    calls.call(type, who, LIMIT, null, () -> Set.copyOf(answered(who, "abilities", type.abilities())));
            return new Admission.Admitted<>(
                    new AdmittedStorageType(type, name, abilities, calls), "storage type " + StorageTypes.key(name));
        };
    }

    @Override
    public Object original() {
        return type;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StorageFacts probe(StorageServer server, WorkContext work) {
        return answered(who, "probe", type.probe(server, work));
    }

    @Override
    public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
        type.create(server, image, source, work);
    }

    @Override
    public long size(StorageServer server, FilesystemImage image, WorkContext work) {
        return type.size(server, image, work);
    }

    @Override
    public List<String> list(StorageServer server, WorkContext work) {
        return answered(who, "list", type.list(server, work));
    }

    @Override
    public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
        type.remove(server, image, work);
    }

    @Override
    public void setAccess(StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
        type.setAccess(server, image, clients, work);
    }

    @Override
    public void setAccess(
            StorageServer server, FilesystemImage image, Supplier<List<StorageClient>> clients, WorkContext work) {
        type.setAccess(server, image, clients, work);
    }

    @Override
    public void confirmClosed(StorageServer server, FilesystemImage image, WorkContext work) {
        type.confirmClosed(server, image, work);
    }

    @Override
    public Set<StorageAbility> abilities() {
        return abilities;
    }

    @Override
    public void createSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        type.createSnapshot(server, image, snapshot, work);
    }

    @Override
    public void restoreSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        type.restoreSnapshot(server, image, snapshot, work);
    }

    @Override
    public void removeSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        type.removeSnapshot(server, image, snapshot, work);
    }

    /** Called in passing, so with a limit of its own. */
    @Override
    public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
        return answered(who, "mount", calls.call(this, who, LIMIT, null, () -> type.mount(server, image, writable)));
    }
}
