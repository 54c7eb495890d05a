package org.qrm.plugin.nfs.internal;

import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;

/** A command on one image that is kept on an NFS server. */
abstract class ImageCommand implements PluginCommand {

    static final CommandField IMAGE = CommandField.text("image", "name of the filesystem image");

    private final FilesystemImages images;
    private final StorageServers servers;

    ImageCommand(FilesystemImages images, StorageServers servers) {
        this.images = images;
        this.servers = servers;
    }

    @Override
    public String plugin() {
        return NfsPlugin.ID;
    }

    @Override
    public CommandAnswer run(CommandCall call) {
        String verb = description().verb();
        String name = call.text(IMAGE.name());
        FilesystemImage image = images.find(name)
                .orElseThrow(() -> QrmException.notFound(verb, "filesystem image", Name.printable(name)));
        StorageServer server = servers.find(image.storageServer())
                .orElseThrow(() -> QrmException.notFound(verb, "storage server", image.storageServer()));
        if (!server.type().equals(NfsPlugin.ID)) {
            throw QrmException.conflict(
                    verb, name, "it is kept as " + server.type(), "Ask the plug-in that offers this storage type.");
        }
        if (image.state() != FilesystemImage.State.READY) {
            throw QrmException.conflict(verb, name, "it is not ready", "Wait until it is, or create it anew.");
        }
        carryOut(server, image, call);
        return CommandAnswer.NOTHING;
    }

    abstract void carryOut(StorageServer server, FilesystemImage image, CommandCall call);
}
