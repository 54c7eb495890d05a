package org.qrm.plugin.xen.internal;

import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.operation.Operations;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.storage.StorageServers;

/**
 * Makes what Xen hosts boot: boot image, storage server, filesystem image. What was there before is used and never
 * removed. Nothing is kept in memory, and nothing happens when the bundle stops: hosts run on.
 */
@Component
public final class XenPlugin implements Plugin {

    static final String ID = "xen";

    /** Share of an installation that is over before the file system is copied. */
    private static final double BEFORE_COPY = 0.1;

    private static final Duration FOR_UNDOING = Duration.ofMinutes(2);

    private final Plugins plugins;
    private final VirtualEnvironments environments;
    private final RemoteCommands commands;
    private final OperationFollower operations;
    private final HostStorageServer storageServer;
    private final HostBootImage bootImage;
    private final HostFilesystemImage filesystemImage;

    @Activate
    public XenPlugin(
            @Reference Plugins plugins,
            @Reference VirtualEnvironments environments,
            @Reference StorageServers servers,
            @Reference BootImages bootImages,
            @Reference FilesystemImages filesystemImages,
            @Reference Operations operations,
            @Reference RemoteCommands commands,
            @Reference ServerSettings server) {
        this.plugins = plugins;
        this.environments = environments;
        this.commands = commands;
        this.operations = new OperationFollower(operations);
        this.storageServer = new HostStorageServer(servers, server.dataDirectory());
        this.bootImage = new HostBootImage(bootImages);
        this.filesystemImage = new HostFilesystemImage(filesystemImages, this.operations);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Xen hosts, and their partitions as resources";
    }

    @Override
    public void install(WorkContext work) {
        XenSettings settings = XenSettings.of(plugins.answers(ID));
        boolean serverMade = storageServer.ensure(settings, work);
        boolean imageMade = false;
        boolean goesOn = filesystemImage.isUnfinished();
        try {
            work.progress(0.01, "making boot image " + HostBootImage.NAME);
            SourceSystem source = SourceSystem.pinned(commands, settings.sourceAddress());
            imageMade = bootImage.ensure(source, filesystemImage.isReady(), work);
            work.progress(BEFORE_COPY, "copying " + settings.sourceAddress());
            filesystemImage.ensure(settings, source, BEFORE_COPY, work);
        } catch (RuntimeException ended) {
            boolean cancelled = operations.cancelRequested("plugin/" + ID);
            // who takes back what an earlier attempt left unfinished takes back what that one made for it
            boolean all = cancelled && goesOn;
            undo(settings, cancelled, all || serverMade, all || imageMade);
            throw ended;
        }
    }

    /** A copy that failed stays, to be gone on with, and so does what it needs; otherwise all goes that was made. */
    private void undo(XenSettings settings, boolean cancelled, boolean serverMade, boolean imageMade) {
        Quietly.run(() -> {
            if (cancelled) {
                filesystemImage.cancel(FOR_UNDOING, new BoundedWork(FOR_UNDOING));
            }
            if (filesystemImage.isThere()) {
                return;
            }
            if (imageMade) {
                bootImage.removeOwn();
            }
            if (serverMade) {
                storageServer.undo(settings.storageServerName());
            }
        });
    }

    /** Everything works without a restart: what is left is to look whether all is there. */
    @Override
    public void runOnce(WorkContext work) {
        XenSettings settings = XenSettings.of(plugins.answers(ID));
        storageServer.ensure(settings, work);
        require(bootImage.isComplete(), "boot image " + HostBootImage.NAME + " is not complete");
        require(filesystemImage.isReady(), "filesystem image " + HostFilesystemImage.NAME + " is not ready");
        work.log("A virtual environment with boot image " + HostBootImage.NAME + ", filesystem image "
                + HostFilesystemImage.NAME + " and partitioning xen makes a machine a Xen host");
    }

    @Override
    public void checkUninstall() {
        refuseWhileUsed();
    }

    @Override
    public void uninstall(WorkContext work) {
        refuseWhileUsed();
        filesystemImage.removeOwn(work);
        bootImage.removeOwn();
        storageServer.removeOwn(work);
    }

    private void refuseWhileUsed() {
        List<String> users = Page.all(page -> environments.list(Filter.all(), page)).stream()
                .map(VirtualEnvironment::spec)
                .filter(XenPlugin::needsXen)
                .map(EnvironmentSpec::name)
                .toList();
        if (!users.isEmpty()) {
            throw QrmException.conflict(
                    "uninstall plug-in",
                    ID,
                    "virtual environments need it: " + String.join(", ", users),
                    "Stop and delete them first.");
        }
    }

    private static boolean needsXen(EnvironmentSpec spec) {
        return ID.equals(spec.partitioning())
                || spec.runsOn().equals(EnvironmentSpec.ON_PARTITION + ID)
                || spec.bootImage().equals(HostBootImage.NAME)
                || spec.filesystemImage().equals(HostFilesystemImage.NAME);
    }

    private static void require(boolean there, String otherwise) {
        if (!there) {
            throw QrmException.conflict("activate plug-in", ID, otherwise, "Install the plug-in again.");
        }
    }
}
