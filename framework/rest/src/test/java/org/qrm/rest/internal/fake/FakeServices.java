package org.qrm.rest.internal.fake;

import org.qrm.commands.ApiServices;

/** All services, in memory. */
public final class FakeServices extends ApiServices {

    public final FakeOperations knownOperations = new FakeOperations();
    public final FakeResources knownResources = new FakeResources(knownOperations);
    public final FakeEnvironments knownEnvironments = new FakeEnvironments(knownOperations);
    public final FakeImages knownImages = new FakeImages(knownOperations);
    public final FakeStorage knownStorage = new FakeStorage();
    public final FakeEvents knownEvents = new FakeEvents();
    public final FakePartitions knownPartitions = new FakePartitions(knownOperations);
    public final FakeUsers knownUsers = new FakeUsers();
    public final FakeUserKeys knownKeysOfUsers = new FakeUserKeys(knownUsers);
    public final FakeTokens knownTokens = new FakeTokens();
    public final FakeAudit knownAudit = new FakeAudit();
    public final FakePluginFiles knownPluginFiles = new FakePluginFiles();
    public final FakePluginCommands knownCommands = new FakePluginCommands(knownOperations);
    public final FakeAdmissions knownAdmissions = new FakeAdmissions();
    public final FakeSubscriptions knownSubscriptions = new FakeSubscriptions();
    public final FakePower knownPower = new FakePower();
    public final FakeRequestKeys knownKeys = new FakeRequestKeys();

    public final FakeSearch knownSearch = new FakeSearch();
    public final FakeSavedFilters knownFilters = new FakeSavedFilters();

    private final FakeServer server = new FakeServer();

    public FakeServices() {
        operations = knownOperations;
        resources = knownResources;
        resourceAdmin = knownResources;
        virtualEnvironments = knownEnvironments;
        bootImages = knownImages.boot;
        filesystemImages = knownImages.filesystem;
        storageServers = knownStorage;
        plugins = new FakePlugins(knownOperations);
        pluginFiles = knownPluginFiles;
        eventLog = knownEvents;
        remoteCommands = server;
        serverSettings = server;
        partitions = knownPartitions;
        objectSettings = new FakeSettings();
        machinePower = knownPower;
        users = knownUsers;
        userKeys = knownKeysOfUsers;
        tokens = knownTokens;
        auditLog = knownAudit;
        requestKeys = knownKeys;
        pluginCommands = knownCommands;
        admissions = knownAdmissions;
        subscriptions = knownSubscriptions;
        search = knownSearch;
        savedFilters = knownFilters;
        certificates = new FakeCertificates();
    }

    /** How many terminals were closed. */
    public int hungUp() {
        return server.hungUp.get();
    }

    /** As when the core is stopped. */
    public void loseAll() {
        operations = null;
        resources = null;
        resourceAdmin = null;
        virtualEnvironments = null;
        bootImages = null;
        filesystemImages = null;
        storageServers = null;
        plugins = null;
        pluginFiles = null;
        eventLog = null;
        serverSettings = null;
        search = null;
    }

    /** As when the plug-in's bundle is stopped. */
    public void losePartitions() {
        partitions = null;
    }
}
