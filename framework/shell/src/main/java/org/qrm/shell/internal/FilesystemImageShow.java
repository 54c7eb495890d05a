package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "filesystem-image-show", description = "Shows all about a filesystem image.")
public final class FilesystemImageShow extends FilesystemImageCommand {

    @Override
    void run() {
        item(View.of(filesystemImages
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find filesystem image", "filesystem image", name))));
    }
}
