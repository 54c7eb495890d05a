package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.qrm.api.image.ImageSource;

/** With the script in a directory that plays the storage server. */
public class NfsStorageContractTest extends NfsContract {

    private ScriptedHost host;

    @Before
    public void makeAStorageServer() throws IOException {
        host = new ScriptedHost(folder, commands);
        host.serveNfs();
    }

    @Override
    Map<String, Object> settings() {
        return Map.of("sharedFileSystems", "allow");
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
    protected List<ImageSource> sources() {
        return List.of(new ImageSource.Empty(), new ImageSource.Archive(archive()));
    }

    private String archive() {
        try {
            Path tree = Files.createDirectories(host.system.resolve("tree/etc"));
            Path archive = host.system.resolve("root.tar");
            GaneshaHost.run(
                    "tar", "-cf", archive.toString(), "-C", tree.getParent().toString(), ".");
            return archive.toString();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }
}
