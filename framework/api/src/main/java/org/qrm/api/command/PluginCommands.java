package org.qrm.api.command;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.operation.Operation;

/** The commands of plug-ins that are there, and registered. */
@ProviderType
public interface PluginCommands {

    /** Nouns of the server, which the commands of no plug-in have. */
    Set<String> TAKEN = Set.of(
            "admission",
            "alert",
            "audit",
            "boot-image",
            "certificate",
            "configurator",
            "event",
            "expected-machine",
            "filesystem-image",
            "filter",
            "image-snapshot",
            "operation",
            "partition",
            "plugin",
            "resource",
            "search",
            "server",
            "storage-server",
            "site",
            "storm",
            "subscription",
            "token",
            "user",
            "ve",
            "virtual-environment");

    /**
     * A command.
     *
     * @param plugin the plug-in's id
     */
    record Offered(String plugin, CommandDescription description) {}

    /** What can be asked for now, in the order of plug-ins and verbs. */
    List<Offered> list();

    /**
     * Carries out a command that is no work.
     *
     * @param input as its description says it
     * @param user who asks
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID input; what the command throws; FAILED for what else it does wrong;
     *     TIMEOUT
     */
    CommandAnswer run(String plugin, String verb, Map<String, Object> input, String user);

    /**
     * Starts a command that is work.
     *
     * @param input as its description says it
     * @param user who asks
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID input
     */
    Operation submit(String plugin, String verb, Map<String, Object> input, String user);
}
