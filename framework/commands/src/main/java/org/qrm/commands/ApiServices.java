package org.qrm.commands;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.admission.Admissions;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.command.PluginCommands;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.event.EventLog;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.operation.Operations;
import org.qrm.api.partition.Partitions;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.power.MachinePower;
import org.qrm.api.request.RequestKeys;
import org.qrm.api.resource.ResourceAdmin;
import org.qrm.api.resource.Resources;
import org.qrm.api.search.SavedFilters;
import org.qrm.api.search.Search;
import org.qrm.api.server.Certificates;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.subscription.Subscriptions;
import org.qrm.api.user.Tokens;
import org.qrm.api.user.User;
import org.qrm.api.user.UserKeys;
import org.qrm.api.user.Users;

/** The server's services, as they come and go. Whoever needs one asks each time; one that is absent is a problem 503. */
@Component(service = ApiServices.class)
public class ApiServices {

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Resources resources;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile ResourceAdmin resourceAdmin;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile ObjectSettings objectSettings;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile MachinePower machinePower;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Partitions partitions;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile VirtualEnvironments virtualEnvironments;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile BootImages bootImages;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile FilesystemImages filesystemImages;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile StorageServers storageServers;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Plugins plugins;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile PluginFiles pluginFiles;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Operations operations;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile EventLog eventLog;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile RemoteCommands remoteCommands;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile ServerSettings serverSettings;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Users users;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile UserKeys userKeys;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Tokens tokens;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile AuditLog auditLog;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile RequestKeys requestKeys;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile PluginCommands pluginCommands;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Admissions admissions;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Certificates certificates;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Subscriptions subscriptions;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile Search search;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile SavedFilters savedFilters;

    public Search search() {
        return present(search, "search");
    }

    public SavedFilters savedFilters() {
        return present(savedFilters, "saved filters");
    }

    public Subscriptions subscriptions() {
        return present(subscriptions, "subscriptions");
    }

    public Certificates certificates() {
        return present(certificates, "certificates");
    }

    public Admissions admissions() {
        return present(admissions, "admission of machines");
    }

    public PluginCommands pluginCommands() {
        return present(pluginCommands, "commands of plug-ins");
    }

    public Optional<PluginCommands> pluginCommandsIfPresent() {
        return Optional.ofNullable(pluginCommands);
    }

    public Resources resources() {
        return present(resources, "resources");
    }

    public ResourceAdmin resourceAdmin() {
        return present(resourceAdmin, "changes of resources");
    }

    public ObjectSettings objectSettings() {
        return present(objectSettings, "settings of resources");
    }

    public MachinePower machinePower() {
        return present(machinePower, "power of machines");
    }

    public Partitions partitions() {
        return present(partitions, "partitions");
    }

    public VirtualEnvironments virtualEnvironments() {
        return present(virtualEnvironments, "virtual environments");
    }

    public BootImages bootImages() {
        return present(bootImages, "boot images");
    }

    public FilesystemImages filesystemImages() {
        return present(filesystemImages, "filesystem images");
    }

    public StorageServers storageServers() {
        return present(storageServers, "storage servers");
    }

    public Plugins plugins() {
        return present(plugins, "plug-ins");
    }

    public PluginFiles pluginFiles() {
        return present(pluginFiles, "plug-in files");
    }

    public Operations operations() {
        return present(operations, "operations");
    }

    public EventLog eventLog() {
        return present(eventLog, "the event log");
    }

    public Optional<EventLog> eventLogIfPresent() {
        return Optional.ofNullable(eventLog);
    }

    public RemoteCommands remoteCommands() {
        return present(remoteCommands, "commands on other machines");
    }

    public ServerSettings serverSettings() {
        return present(serverSettings, "the server's settings");
    }

    public Users users() {
        return present(users, "users");
    }

    public UserKeys userKeys() {
        return present(userKeys, "keys of users");
    }

    public Tokens tokens() {
        return present(tokens, "tokens");
    }

    public AuditLog auditLog() {
        return present(auditLog, "the audit log");
    }

    public RequestKeys requestKeys() {
        return present(requestKeys, "keys of requests");
    }

    /** Another text after each change of the user; empty for a user of a directory, whom the server does not know. */
    public String userVersion(String name) {
        return users().find(name).map(User::version).orElse("");
    }

    private static <T> T present(T service, String what) {
        if (service == null) {
            throw absent(what, "Try again in a moment; if it lasts, look into the server's log.");
        }
        return service;
    }

    private static QrmException absent(String what, String remedy) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE, "serve the request", "", "the part for " + what + " is not there", remedy));
    }
}
