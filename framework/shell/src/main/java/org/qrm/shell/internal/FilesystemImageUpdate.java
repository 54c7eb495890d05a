package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-update}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "filesystem-image-update",
        description = "Changes what a filesystem image says to people.")
public final class FilesystemImageUpdate extends FilesystemImageCommand {

    @Option(name = "--description", description = "For people.", required = true)
    String description;

    @Override
    void run() {
        FilesystemImage image = filesystemImages.update(name, description);
        if (json()) {
            item(View.of(image));
        }
        say("Filesystem image " + name + " is changed.");
    }
}
