package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.image.BootImages;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "boot-image-list", description = "Lists boot images.")
public final class BootImageList extends ShowingCommand {

    @Reference(optional = true)
    BootImages bootImages;

    @Override
    void run() {
        list(all(bootImages::list, View::of), "name", "loader", "plugin", "description");
    }
}
