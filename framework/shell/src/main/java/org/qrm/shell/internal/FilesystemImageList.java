package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "filesystem-image-list", description = "Lists filesystem images.")
public final class FilesystemImageList extends ShowingCommand {

    @Reference(optional = true)
    FilesystemImages filesystemImages;

    @Override
    void run() {
        list(
                all(filesystemImages::list, View::of),
                "name",
                "storageServer",
                "path",
                "state",
                "sizeBytes",
                "plugin",
                "reason");
    }
}
