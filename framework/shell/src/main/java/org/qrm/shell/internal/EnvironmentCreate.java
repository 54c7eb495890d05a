package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.image.BootImage;
import org.qrm.api.user.Role;

/** {@code qrm:ve-create}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "ve-create", description = "Describes a new virtual environment.")
public final class EnvironmentCreate extends EnvironmentDescribing {

    @Override
    void run() {
        if (filesystemImage == null) {
            throw QrmException.invalid(
                    "create virtual environment",
                    name,
                    "it has no root file system",
                    "Name one with --filesystem-image (qrm:filesystem-image-list).");
        }
        EnvironmentSpec usual = new EnvironmentSpec(
                name,
                BootImage.DEFAULT,
                filesystemImage,
                EnvironmentMode.SINGLE,
                null,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of(),
                "");
        tell(virtualEnvironments.create(described(usual)), "created");
    }
}
