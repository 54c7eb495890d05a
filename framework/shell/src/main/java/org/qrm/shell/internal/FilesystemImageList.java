package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageFilter;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "filesystem-image-list", description = "Lists filesystem images.")
public final class FilesystemImageList extends ShowingCommand {

    @Reference(optional = true)
    FilesystemImages filesystemImages;

    @Option(name = "--state", description = "Only in this state.")
    @Completion(
            value = StringsCompleter.class,
            values = {"creating", "ready", "error", "removing"})
    String state;

    @Option(name = "--storage-server", description = "Only kept by this storage server.")
    @Completion(StorageServerCompleter.class)
    String storageServer;

    @Override
    void run() {
        FilesystemImageFilter filter =
                new FilesystemImageFilter(constant(FilesystemImage.State.class, "--state", state), storageServer);
        list(
                all(page -> filesystemImages.list(filter, page), View::of),
                "name",
                "storageServer",
                "path",
                "state",
                "sizeBytes",
                "plugin",
                "reason");
    }
}
