package org.qrm.shell.internal;

import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.image.ImageSource;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-create}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "filesystem-image-create",
        description =
                "Makes a filesystem image and fills it: --existing, --empty, --system, --archive or --debootstrap.")
public final class FilesystemImageCreate extends FilesystemImageCommand {

    @Option(name = "--storage-server", description = "What keeps it.", required = true)
    @Completion(StorageServerCompleter.class)
    String storageServer;

    @Option(name = "--path", description = "On that server; <export root>/<name> unless given.")
    String path;

    @Option(name = "--existing", description = "From a directory that is there already.")
    boolean existing;

    @Option(name = "--empty", description = "An empty directory.")
    boolean empty;

    @Option(name = "--system", description = "Copied from the running system with this address, over SSH.")
    String system;

    @Option(name = "--host-key", description = "With --system: its SSH host key.")
    String hostKey;

    @Option(name = "--archive", description = "From a tar archive with this path on the storage server.")
    String archive;

    @Option(name = "--debootstrap", description = "A fresh Debian of this suite.")
    String suite;

    @Option(name = "--package", description = "With --debootstrap; can be given again.", multiValued = true)
    List<String> packages;

    @Option(name = "--description", description = "For people.")
    String description = "";

    @Override
    void run() throws InterruptedException {
        work(filesystemImages.create(name, storageServer, path, source(), null, description));
    }

    private ImageSource source() {
        List<ImageSource> sources = new ArrayList<>();
        if (existing) {
            sources.add(new ImageSource.Existing());
        }
        if (empty) {
            sources.add(new ImageSource.Empty());
        }
        if (system != null) {
            sources.add(new ImageSource.System(system, hostKey));
        }
        if (archive != null) {
            sources.add(new ImageSource.Archive(archive));
        }
        if (suite != null) {
            sources.add(new ImageSource.Debootstrap(suite, packages == null ? List.of() : packages));
        }
        if (sources.size() != 1) {
            throw QrmException.invalid(
                    "create filesystem image",
                    name,
                    "it has " + sources.size() + " sources",
                    "Give one of --existing, --empty, --system, --archive and --debootstrap.");
        }
        return sources.get(0);
    }
}
