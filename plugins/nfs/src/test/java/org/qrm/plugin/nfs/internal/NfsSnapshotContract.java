package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Before;
import org.qrm.api.image.FilesystemImage;

/** With images that are file systems of their own, so that there are snapshots. */
abstract class NfsSnapshotContract extends NfsContract {

    private final DiskKind kind;
    private SystemdHost host;

    NfsSnapshotContract(DiskKind kind) {
        this.kind = kind;
    }

    @Before
    public final void makeAStorageServer() throws IOException {
        host = kind.host(folder, commands);
        host.program("exportfs", ScriptedHost.EXPORTFS);
    }

    @Override
    Map<String, Object> settings() {
        return kind.settings();
    }

    @Override
    Path images() {
        return host.images;
    }

    @Override
    Path system() {
        return host.system;
    }

    @Override
    protected boolean write(FilesystemImage image, String text) throws IOException {
        Files.writeString(Path.of(image.path()).resolve("state"), text);
        return true;
    }

    @Override
    protected String read(FilesystemImage image) throws IOException {
        return Files.readString(Path.of(image.path()).resolve("state"));
    }
}
