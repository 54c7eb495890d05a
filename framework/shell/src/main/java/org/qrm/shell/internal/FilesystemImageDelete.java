package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-delete}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "filesystem-image-delete",
        description = "Removes a filesystem image that no virtual environment names.")
public final class FilesystemImageDelete extends FilesystemImageCommand {

    @Option(name = "--keep-content", description = "Leave the directory on the storage server.")
    boolean keepContent;

    @Override
    void run() throws InterruptedException {
        work(filesystemImages.delete(name, keepContent));
    }
}
