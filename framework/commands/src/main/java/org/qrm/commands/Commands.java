package org.qrm.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.user.Logins;
import org.qrm.commands.line.Verb;
import org.qrm.commands.noun.AdmissionPaths;
import org.qrm.commands.noun.AlertPaths;
import org.qrm.commands.noun.AuditPaths;
import org.qrm.commands.noun.BmcPaths;
import org.qrm.commands.noun.BootImagePaths;
import org.qrm.commands.noun.CertificatePaths;
import org.qrm.commands.noun.EnvironmentPaths;
import org.qrm.commands.noun.EventPaths;
import org.qrm.commands.noun.ExpectedMachinePaths;
import org.qrm.commands.noun.FilesystemImagePaths;
import org.qrm.commands.noun.FilterPaths;
import org.qrm.commands.noun.HistoryPaths;
import org.qrm.commands.noun.ImageSnapshotPaths;
import org.qrm.commands.noun.ManyEnvironmentPaths;
import org.qrm.commands.noun.ManyResourcePaths;
import org.qrm.commands.noun.OperationPaths;
import org.qrm.commands.noun.PartitionPaths;
import org.qrm.commands.noun.Paths;
import org.qrm.commands.noun.PluginCommandPaths;
import org.qrm.commands.noun.PluginFilePaths;
import org.qrm.commands.noun.PluginPaths;
import org.qrm.commands.noun.ResourcePaths;
import org.qrm.commands.noun.ResourceSettingPaths;
import org.qrm.commands.noun.SearchPaths;
import org.qrm.commands.noun.ServerPaths;
import org.qrm.commands.noun.SparePaths;
import org.qrm.commands.noun.StorageServerPaths;
import org.qrm.commands.noun.StormPaths;
import org.qrm.commands.noun.SubscriptionPaths;
import org.qrm.commands.noun.TokenPaths;
import org.qrm.commands.noun.UserKeyPaths;
import org.qrm.commands.noun.UserPaths;

/** All that can be asked of the server. */
@Component(service = Commands.class)
public final class Commands {

    private static final Map<String, String> NOUNS = nouns();

    private final List<Route> routes;
    private final PluginCommandPaths pluginCommands;

    @Activate
    public Commands(@Reference ApiServices services, @Reference Logins passwords) {
        pluginCommands = new PluginCommandPaths(services);
        routes = Stream.<Paths>of(
                        new ResourcePaths(services),
                        new ManyResourcePaths(services),
                        new BmcPaths(services),
                        new ResourceSettingPaths(services),
                        new AdmissionPaths(services),
                        new ExpectedMachinePaths(services),
                        new PartitionPaths(services),
                        new BootImagePaths(services),
                        new FilesystemImagePaths(services),
                        new ImageSnapshotPaths(services),
                        new StorageServerPaths(services),
                        new EnvironmentPaths(services),
                        new ManyEnvironmentPaths(services),
                        new SparePaths(services),
                        new StormPaths(services),
                        new HistoryPaths(services),
                        new PluginPaths(services),
                        new PluginFilePaths(services),
                        pluginCommands,
                        new OperationPaths(services),
                        new AlertPaths(services),
                        new EventPaths(services),
                        new SubscriptionPaths(services),
                        new SearchPaths(services),
                        new FilterPaths(services),
                        new ServerPaths(services),
                        new CertificatePaths(services),
                        new UserPaths(services, passwords),
                        new UserKeyPaths(services),
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

    /** What plug-ins bring at the moment. */
    public List<Route> routesOfPlugins() {
        return pluginCommands.routesOfPlugins();
    }

    /** Verbs by their nouns, in the order in which help tells of them. */
    public Map<String, List<Verb>> verbs() {
        Map<String, List<Verb>> verbs = new LinkedHashMap<>();
        NOUNS.keySet().forEach(noun -> verbs.put(noun, new ArrayList<>()));
        routes.stream()
                .flatMap(route -> route.verbs().stream())
                .forEach(verb -> verbs.get(verb.noun()).add(verb));
        return verbs;
    }

    /** What each noun is about. */
    public static Map<String, String> about() {
        return NOUNS;
    }

    private static Map<String, String> nouns() {
        Map<String, String> nouns = new LinkedHashMap<>();
        nouns.put("search", "Whatever there is, by what is known of it.");
        nouns.put("filter", "Queries of lists that one comes back to, and how many fit each.");
        nouns.put("resource", "Machines: physical nodes, and partitions of hosts.");
        nouns.put("site", "All machines together.");
        nouns.put("admission", "Whether new machines may join.");
        nouns.put("expected-machine", "Machines that are admitted when they come.");
        nouns.put("partition", "Virtual machines on a host that are resources like any other.");
        nouns.put("ve", "Virtual environments: what runs on a machine.");
        nouns.put("storm", "Whether so many machines are lost at once that healing waits.");
        nouns.put("boot-image", "Kernel, initrd and, for a host, the hypervisor.");
        nouns.put("filesystem-image", "Root file systems on storage servers.");
        nouns.put("image-snapshot", "What filesystem images held once, kept by their storage servers.");
        nouns.put("storage-server", "Machines that keep filesystem images.");
        nouns.put("plugin", "Plug-ins: their life cycle and their configuration.");
        nouns.put("operation", "Work that the server does: how far it is, and cancelling it.");
        nouns.put("alert", "What is wrong at present.");
        nouns.put("event", "What happened.");
        nouns.put("subscription", "Who outside is told of what happened.");
        nouns.put("user", "Who may log in.");
        nouns.put("token", "What programs log in with instead of a password, as QRM_TOKEN.");
        nouns.put("audit", "Who changed what, when, from where, and what came of it.");
        nouns.put("server", "The server itself.");
        nouns.put("certificate", "By what the server proves itself.");
        return nouns;
    }
}
