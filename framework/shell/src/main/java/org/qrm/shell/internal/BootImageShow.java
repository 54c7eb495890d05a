package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "boot-image-show", description = "Shows all about a boot image.")
public final class BootImageShow extends BootImageCommand {

    @Override
    void run() {
        item(View.of(
                bootImages.find(name).orElseThrow(() -> QrmException.notFound("find boot image", "boot image", name))));
    }
}
