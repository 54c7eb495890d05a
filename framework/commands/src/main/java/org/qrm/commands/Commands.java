package org.qrm.commands;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.commands.noun.AuditPaths;
import org.qrm.commands.noun.BootImagePaths;
import org.qrm.commands.noun.EnvironmentPaths;
import org.qrm.commands.noun.EventPaths;
import org.qrm.commands.noun.FilesystemImagePaths;
import org.qrm.commands.noun.OperationPaths;
import org.qrm.commands.noun.PartitionPaths;
import org.qrm.commands.noun.Paths;
import org.qrm.commands.noun.PluginFilePaths;
import org.qrm.commands.noun.PluginPaths;
import org.qrm.commands.noun.ResourcePaths;
import org.qrm.commands.noun.ServerPaths;
import org.qrm.commands.noun.StorageServerPaths;
import org.qrm.commands.noun.TokenPaths;
import org.qrm.commands.noun.UserPaths;

/** All that can be asked of the server. */
@Component(service = Commands.class)
public final class Commands {

    private final List<Route> routes;

    @Activate
    public Commands(@Reference ApiServices services, @Reference PasswordLogin passwords) {
        routes = Stream.<Paths>of(
                        new ResourcePaths(services),
                        new PartitionPaths(services),
                        new BootImagePaths(services),
                        new FilesystemImagePaths(services),
                        new StorageServerPaths(services),
                        new EnvironmentPaths(services),
                        new PluginPaths(services),
                        new PluginFilePaths(services),
                        new OperationPaths(services),
                        new EventPaths(services),
                        new ServerPaths(services),
                        new UserPaths(services, passwords),
                        new TokenPaths(services),
                        new AuditPaths(services))
                .map(Paths::routes)
                .flatMap(List::stream)
                .toList();
    }

    /** In the order of their nouns. */
    public List<Route> routes() {
        return routes;
    }
}
