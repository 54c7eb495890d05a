package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.image.Loader;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-create}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "boot-image-create", description = "Makes a boot image without files.")
public final class BootImageCreate extends BootImageCommand {

    @Option(
            name = "--loader",
            description = "linux: a kernel with an initrd; multiboot: a hypervisor with both as its modules.")
    @Completion(
            value = StringsCompleter.class,
            values = {"linux", "multiboot"})
    String loader = "linux";

    @Option(name = "--description", description = "For people.")
    String description = "";

    @Override
    void run() {
        Loader wanted = constant(Loader.class, "--loader", loader);
        tell(bootImages.create(name, wanted, null, description), "Boot image " + name + " is created.");
    }
}
