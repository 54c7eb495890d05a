package org.qrm.plugin.nfs.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.user.Role;

/** {@code qrm nfs confine}: gives an image that is a directory a file system of its own. */
@Component(service = PluginCommand.class)
public final class ConfineCommand extends ImageCommand {

    private final NfsStorage storage;

    @Activate
    public ConfineCommand(
            @Reference FilesystemImages images, @Reference StorageServers servers, @Reference NfsStorage storage) {
        super(images, servers);
        this.storage = storage;
    }

    @Override
    public CommandDescription description() {
        return CommandDescription.works("confine", "Gives an image that is a directory a file system of its own.")
                .role(Role.ADMIN)
                .takes(IMAGE);
    }

    @Override
    void carryOut(StorageServer server, FilesystemImage image, CommandCall call) {
        storage.confine(server, image, call.work());
    }
}
