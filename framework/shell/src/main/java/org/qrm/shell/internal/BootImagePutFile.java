package org.qrm.shell.internal;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.image.BootFile;
import org.qrm.api.user.Role;

/** {@code qrm:boot-image-put-file}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "boot-image-put-file", description = "Stores a file of a boot image.")
public final class BootImagePutFile extends BootImageCommand {

    @Argument(index = 1, name = "file", description = "Path of the file, on the server.", required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--role", description = "What the boot loader does with it.", required = true)
    @Completion(
            value = StringsCompleter.class,
            values = {"hypervisor", "kernel", "initrd", "other"})
    String role;

    @Option(name = "--as", description = "Its name in the image.")
    String as;

    @Override
    void run() throws Exception {
        Path path = Path.of(file);
        String called = as == null ? String.valueOf(path.getFileName()) : as;
        BootFile.Role wanted = constant(BootFile.Role.class, "--role", role);
        try (InputStream content = Files.newInputStream(path)) {
            tell(bootImages.putFile(name, called, wanted, content), "Boot image " + name + " has " + called + " now.");
        }
    }
}
