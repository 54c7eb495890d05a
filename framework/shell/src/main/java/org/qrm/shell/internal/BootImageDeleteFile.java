package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-delete-file}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "boot-image-delete-file",
        description = "Removes a file of a boot image, while no virtual environment names the image.")
public final class BootImageDeleteFile extends BootImageCommand {

    @Argument(index = 1, name = "file", description = "Name of the file.", required = true)
    @Completion(BootFileCompleter.class)
    String file;

    @Override
    void run() {
        tell(bootImages.deleteFile(name, file), "Boot image " + name + " has no " + file + " any more.");
    }
}
