package org.qrm.shell.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.event.EventLog;
import org.qrm.api.operation.Operations;
import org.qrm.api.resource.Resources;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.user.Role;

/** {@code qrm:server-show}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "server-show",
        description = "The server: version, address, and how much there is of everything.")
public final class ServerShow extends ShowingCommand {

    @Reference(optional = true)
    ServerSettings serverSettings;

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    VirtualEnvironments virtualEnvironments;

    @Reference(optional = true)
    Operations operations;

    @Reference(optional = true)
    EventLog eventLog;

    @Override
    void run() {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("version", serverSettings.version());
        server.put("address", serverSettings.address());
        server.put("httpPort", serverSettings.httpPort());
        server.put("httpsPort", serverSettings.httpsPort());
        server.put("resources", View.counts(resources.countByState()));
        server.put("environments", View.counts(virtualEnvironments.countByState()));
        server.put("operations", View.counts(operations.countByState()));
        server.put("newestEvent", eventLog.newest());
        item(server);
    }
}
