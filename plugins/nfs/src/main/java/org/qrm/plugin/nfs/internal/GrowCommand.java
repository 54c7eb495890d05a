package org.qrm.plugin.nfs.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.user.Role;

/** {@code qrm nfs grow}: lets an image that is a file system of its own have more room. */
@Component(service = PluginCommand.class)
public final class GrowCommand extends ImageCommand {

    private final NfsStorage storage;

    @Activate
    public GrowCommand(
            @Reference FilesystemImages images, @Reference StorageServers servers, @Reference NfsStorage storage) {
        super(images, servers);
        this.storage = storage;
    }

    @Override
    public CommandDescription description() {
        return CommandDescription.works("grow", "Lets an image that is a file system of its own have more room.")
                .role(Role.ADMIN)
                .takes(IMAGE, CommandField.number("gib", "its new size, in GiB of 1024³ bytes, 1 to 65536"));
    }

    @Override
    void carryOut(StorageServer server, FilesystemImage image, CommandCall call) {
        long gib = call.number("gib", 0);
        if (gib < 1 || gib > 65536) {
            throw QrmException.invalid("grow", image.name(), gib + " GiB is no size", "Give a number of 1 to 65536.");
        }
        storage.grow(server, image, gib, call.work());
    }
}
