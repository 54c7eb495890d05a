package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.QrmException;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-update}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "boot-image-update",
        description = "Changes a boot image; what is not given stays as it is.")
public final class BootImageUpdate extends BootImageCommand {

    @Option(name = "--loader", description = "How it is started.")
    @Completion(
            value = StringsCompleter.class,
            values = {"linux", "multiboot"})
    String loader;

    @Option(name = "--description", description = "For people.")
    String description;

    @Override
    void run() {
        BootImage before =
                bootImages.find(name).orElseThrow(() -> QrmException.notFound("change boot image", "boot image", name));
        Loader wanted = loader == null ? before.loader() : constant(Loader.class, "--loader", loader);
        tell(
                bootImages.update(name, wanted, description == null ? before.description() : description),
                "Boot image " + name + " is changed.");
    }
}
