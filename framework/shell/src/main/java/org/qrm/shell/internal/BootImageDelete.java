package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-delete}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "boot-image-delete",
        description = "Deletes a boot image that no virtual environment names.")
public final class BootImageDelete extends BootImageCommand {

    @Override
    void run() {
        bootImages.delete(name);
        say("Boot image " + name + " is deleted.");
    }
}
