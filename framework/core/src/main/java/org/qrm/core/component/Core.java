package org.qrm.core.component;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.admission.Admissions;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.boot.BootService;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.command.PluginCommands;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.event.EventListener;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.MachineEndpoints;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.metric.Metrics;
import org.qrm.api.node.Nodes;
import org.qrm.api.operation.Operations;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.Partitions;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.power.MachinePower;
import org.qrm.api.power.PowerController;
import org.qrm.api.request.RequestKeys;
import org.qrm.api.resource.ResourceAdmin;
import org.qrm.api.resource.Resources;
import org.qrm.api.search.SavedFilters;
import org.qrm.api.search.Search;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;
import org.qrm.api.subscription.Subscriptions;
import org.qrm.api.user.Tokens;
import org.qrm.core.Limits;
import org.qrm.core.admission.AdmissionService;
import org.qrm.core.admission.Newcomers;
import org.qrm.core.audit.AuditService;
import org.qrm.core.backup.SnapshotSocket;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.PluginTerminals;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.command.AdmittedCommand;
import org.qrm.core.command.CommandService;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.environment.EnvironmentOperations;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.event.EventDispatch;
import org.qrm.core.event.EventLogService;
import org.qrm.core.event.EventRetention;
import org.qrm.core.history.History;
import org.qrm.core.history.HistoryKeeper;
import org.qrm.core.image.BootImageService;
import org.qrm.core.image.FilesystemImageService;
import org.qrm.core.image.IdleImage;
import org.qrm.core.image.ImageOperations;
import org.qrm.core.node.AdmittedBootService;
import org.qrm.core.node.NodeParts;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationRetention;
import org.qrm.core.operation.OperationService;
import org.qrm.core.partition.AdmittedProvider;
import org.qrm.core.partition.Guests;
import org.qrm.core.partition.Hosts;
import org.qrm.core.partition.PartitionConsoles;
import org.qrm.core.partition.PartitionOperations;
import org.qrm.core.partition.PartitionPower;
import org.qrm.core.partition.PartitionService;
import org.qrm.core.partition.PartitionWatch;
import org.qrm.core.plugin.ActingPlugins;
import org.qrm.core.plugin.MissingPlugins;
import org.qrm.core.plugin.PluginConfigurations;
import org.qrm.core.plugin.PluginService;
import org.qrm.core.plugin.PluginSteps;
import org.qrm.core.plugin.PluginUse;
import org.qrm.core.plugin.PresentPlugins;
import org.qrm.core.plugin.RegisteredAtFirst;
import org.qrm.core.plugin.UnansweredQuestions;
import org.qrm.core.pluginfile.Components;
import org.qrm.core.pluginfile.FolderBundles;
import org.qrm.core.pluginfile.FrameworkBundles;
import org.qrm.core.pluginfile.PluginFileService;
import org.qrm.core.pluginfile.UnresolvedBundles;
import org.qrm.core.request.RequestKeyService;
import org.qrm.core.resource.AdmittedPowerController;
import org.qrm.core.resource.BootProgress;
import org.qrm.core.resource.HiddenTokens;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.PowerService;
import org.qrm.core.resource.PowerWatch;
import org.qrm.core.resource.ResourceActions;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.search.SavedFilterService;
import org.qrm.core.search.SearchService;
import org.qrm.core.settings.AdmittedQuestions;
import org.qrm.core.settings.ExpectedSettings;
import org.qrm.core.settings.ObjectSettingsService;
import org.qrm.core.storage.AdmittedStorageType;
import org.qrm.core.storage.StorageServerService;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.qrm.core.subscription.Authorities;
import org.qrm.core.subscription.Deliveries;
import org.qrm.core.subscription.SubscriptionService;
import org.qrm.core.user.TokenService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All parts of the core, put together by hand: what each needs is in its constructor. What is made is closed in the
 * opposite order.
 */
final class Core implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Core.class);
    private static final long RETENTION_MINUTES = 10;

    /** What registered plug-ins have to come up until operations go on without them. */
    private static final Duration PLUGINS = Duration.ofSeconds(10);

    private static final int DISK_MINUTES = 1;
    private static final String LITTLE_ROOM = "disk.low";

    private static final Command PING = Command.of(Duration.ofSeconds(10), "ping");

    private final BundleContext context;
    private final Metrics metrics;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<Offer<?>> offers = new ArrayList<>();
    private final Deque<ServiceRegistration<?>> registrations = new ArrayDeque<>();

    private final Clock clock = Clock.systemUTC();
    private final Limits limits = Limits.from(System::getenv);
    private final boolean withoutPlugins;
    private final Seal seal;
    private final Database database;
    private final OperationEngine engine;
    private final PluginServices pluginServices;
    private final RefusedServices refused;
    private Deliveries deliveries;
    private PartitionWatch watch;
    private PowerWatch powerWatch;
    private ActingPlugins acting;
    private StorageTypes storageTypes;
    private MissingPlugins missing;
    private UnansweredQuestions unanswered;
    private UnresolvedBundles unresolved;
    private FolderBundles folderBundles;

    private record Offer<T>(Class<T> type, T service) {
        ServiceRegistration<T> register(BundleContext context) {
            return context.registerService(type, service, null);
        }
    }

    /** Opens the database and makes all parts; {@link #open} sets them to work. */
    Core(
            BundleContext context,
            ServerSettings settings,
            ConfigurationAdmin configurations,
            ServiceComponentRuntime components,
            Metrics metrics) {
        this.metrics = metrics;
        this.context = context;
        this.withoutPlugins = settings.withoutPlugins();
        this.seal = new Seal(settings.dataDirectory().resolve("secrets").resolve("database-key"));
        try {
            database = part(Database.open(
                    settings.databaseUrl(), settings.dataDirectory().resolve("log"), settings.version()));
            database.measure(metrics);
            if (!database.shared()) {
                part(SnapshotSocket.open(database, settings.dataDirectory()));
            }
            PluginCalls calls = part(new PluginCalls());
            calls.measure(metrics);
            refused = new RefusedServices(database);
            pluginServices = part(new PluginServices(context, calls, refused, this::endOperations));
            engine = part(new OperationEngine(database, ServerId.in(settings.dataDirectory())));
            engine.measure(metrics);
            Operations operations = new OperationService(database, engine);
            offer(Operations.class, operations);
            every(RETENTION_MINUTES, new OperationRetention(database, clock)::run);
            offer(HealthCheck.class, new EngineHealth(engine, clock));
            offer(AuditLog.class, new AuditService(database, clock));
            offer(Tokens.class, new TokenService(database, clock));
            RequestKeyService keys = new RequestKeyService(database, clock);
            every(RETENTION_MINUTES, keys::forgetOld);
            offer(RequestKeys.class, keys);
            makeEvents(settings, calls);
            makePlugins(settings, configurations, new Components(components), calls, operations);
            makeCatalogue(settings, calls, operations);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private void makeEvents(ServerSettings settings, PluginCalls calls) {
        Path data = settings.dataDirectory();
        EventLogService log = new EventLogService(database);
        EventDispatch dispatch = part(new EventDispatch(log, calls));
        database.watchEvents(dispatch::wake);
        pluginServices
                .of(EventListener.class, PluginState.REGISTERED, Admission.any())
                .watch(dispatch::arrived, dispatch::left);
        offer(EventLog.class, log);
        every(RETENTION_MINUTES, new EventRetention(database, clock, (change, old) -> {
            SubscriptionService.forget(change, old);
            dispatch.forget(change, old);
        })::run);
        deliveries = part(new Deliveries(
                database,
                log,
                seal,
                Authorities.trusted(System::getenv),
                ServerId.in(data),
                settings.version(),
                clock));
        database.watchEvents(deliveries::wake);
        offer(Subscriptions.class, new SubscriptionService(database, seal, deliveries));
        DiskSpace disk = new DiskSpace(data, (little, message) -> {
            if (little) {
                log.record(Priority.WARNING, "server", LITTLE_ROOM, "server", message, null);
            } else {
                log.resolve(LITTLE_ROOM, "server");
            }
        });
        every(DISK_MINUTES, disk::look);
        WaitingEvents.declare(metrics, database, dispatch, clock);
        disk.measure(metrics);
        offer(HealthCheck.class, disk);
    }

    private void makePlugins(
            ServerSettings settings,
            ConfigurationAdmin admin,
            Components components,
            PluginCalls calls,
            Operations operations) {
        PluginConfigurations configurations =
                new PluginConfigurations(admin, settings.dataDirectory().resolve("secrets"));
        PresentPlugins present = new PresentPlugins(
                pluginServices.of(Plugin.class), pluginServices.of(ConfigurationWizard.class), calls, refused);
        acting = new ActingPlugins(database, present);
        new RegisteredAtFirst(database, present, acting);
        PluginUse use = new PluginUse(
                id -> storageTypes.of(bundle -> present.broughtBy(bundle).contains(id)));
        unanswered = part(new UnansweredQuestions(database, present));
        acting.watch(unanswered);
        offer(HealthCheck.class, unanswered);
        PluginService plugins = new PluginService(
                database, engine, operations, calls, present, acting, use, configurations, unanswered, seal);
        new PluginSteps(database, calls, present, acting, use, configurations, unanswered, seal)
                .kinds()
                .forEach(engine::add);
        plugins.restoreConfigurations();
        CommandService commands = new CommandService(
                pluginServices.of(PluginCommand.class, PluginState.REGISTERED, AdmittedCommand.by(calls))::services,
                id -> acting.stands(id, PluginState.REGISTERED),
                calls,
                engine);
        engine.add(commands);
        offer(PluginCommands.class, commands);
        missing = part(new MissingPlugins(database, present, acting, clock));
        offer(HealthCheck.class, missing);
        offer(Plugins.class, plugins);
        folderBundles = part(new FolderBundles(context, settings.dataDirectory()));
        offer(HealthCheck.class, folderBundles);
        FrameworkBundles bundles = new FrameworkBundles(
                context, folderBundles, present::broughtBy, components, refused::faults, withoutPlugins);
        unresolved = part(new UnresolvedBundles(database, bundles, clock));
        offer(HealthCheck.class, unresolved);
        if (withoutPlugins) {
            offer(HealthCheck.class, new WithoutPlugins());
        }
        offer(PluginFiles.class, new PluginFileService(settings, bundles, plugins, clock));
    }

    private void makeCatalogue(ServerSettings settings, PluginCalls calls, Operations operations) {
        IdleImage idle = new IdleImage(settings.homeDirectory().resolve("boot"), settings.dataDirectory());
        Path files = settings.dataDirectory().resolve("boot").resolve("images");
        BootImageService bootImages = new BootImageService(database, files, idle);
        storageTypes = new StorageTypes(
                pluginServices.of(StorageType.class, PluginState.REGISTERED, AdmittedStorageType.by(calls)));
        StorageServerService servers = new StorageServerService(database, storageTypes, calls);
        FilesystemImageService images =
                new FilesystemImageService(database, engine, storageTypes, EnvironmentService::mayStillWrite);
        ImageOperations.kinds(database, engine, storageTypes, calls).forEach(engine::add);
        offer(HealthCheck.class, idle);
        offer(BootImages.class, bootImages);
        offer(StorageServers.class, servers);
        offer(FilesystemImages.class, images);
        makeMachines(settings, calls, operations, bootImages, servers, storageTypes, images);
    }

    private void makeMachines(
            ServerSettings settings,
            PluginCalls calls,
            Operations operations,
            BootImages bootImages,
            StorageServers servers,
            StorageTypes types,
            FilesystemImages images) {
        ResourceRows rows = new ResourceRows();
        database.change(change -> {
            rows.fillFoundBy(change);
            return null;
        });
        offer(Search.class, new SearchService(database));
        offer(SavedFilters.class, new SavedFilterService(database));
        EnvironmentHealth health = new EnvironmentHealth(rows);
        Whiteboard<PowerController> controllers =
                pluginServices.of(PowerController.class, PluginState.INSTALLED, AdmittedPowerController.by(calls));
        Whiteboard<AssignmentListener> listeners =
                pluginServices.of(AssignmentListener.class, PluginState.INSTALLED, Admission.any());
        Whiteboard<PartitionProvider> providers =
                pluginServices.of(PartitionProvider.class, PluginState.REGISTERED, AdmittedProvider.by(calls));
        Hosts hosts = new Hosts(rows, providers::services, calls);
        PluginTerminals terminals = new PluginTerminals(calls, HiddenTokens::in);
        controllers.watch(controller -> {}, terminals::gone);
        providers.watch(provider -> {}, terminals::gone);
        BootProgress progress = new BootProgress(clock);
        PowerControllers power =
                new PowerControllers(PartitionPower.before(controllers::services, database, hosts), calls);
        EnvironmentService environments =
                new EnvironmentService(database, engine, operations, rows, hosts::needs, power, limits, seal);
        EnvironmentOperations.addTo(
                engine,
                new EnvironmentOperations.Parts(
                        rows,
                        bootImages,
                        images,
                        servers,
                        type -> types.require("mount filesystem image", "", type),
                        () -> {
                            // one that was registered a moment ago has its say, too
                            pluginServices.settle();
                            return listeners.services();
                        },
                        power,
                        (change, host) -> Guests.forget(change, rows, host),
                        progress,
                        health,
                        calls,
                        environments,
                        Limits.healsAtOnce(System::getenv),
                        limits));
        PartitionOperations.addTo(engine, rows, hosts, health, limits);
        ResourceActions actions =
                new ResourceActions(rows, health, (change, host) -> Guests.forget(change, rows, host), power, limits);
        actions.addTo(engine);
        powerWatch = part(new PowerWatch(
                database,
                rows,
                power,
                controllers::services,
                ServerId.in(settings.dataDirectory()),
                Limits.power(System::getenv),
                clock));
        offer(MachinePower.class, new PowerService(database, rows, power, terminals, powerWatch::soon));
        Whiteboard<ObjectQuestions> questions =
                pluginServices.of(ObjectQuestions.class, PluginState.REGISTERED, AdmittedQuestions.by(calls));
        offer(
                ObjectSettings.class,
                new ObjectSettingsService(database, rows, seal, questions::services, powerWatch::soon));
        ExpectedSettings expectedSettings = new ExpectedSettings(seal, questions::services);
        History history = new History();
        HistoryKeeper keeper = part(new HistoryKeeper(database, history, clock));
        every(HistoryKeeper.MINUTES, keeper::keep);
        ResourceService resources = new ResourceService(database, rows, engine, actions, history, keeper);
        watch = part(new PartitionWatch(database, rows, engine, hosts, health));
        PartitionConsoles consoles = new PartitionConsoles(database, hosts, terminals);
        offer(Partitions.class, new PartitionService(database, rows, engine, hosts, consoles));
        offer(Resources.class, resources);
        offer(ResourceAdmin.class, resources);
        offer(MachineEndpoints.class, resources);
        offer(VirtualEnvironments.class, environments);
        Newcomers newcomers = new Newcomers(database, rows, expectedSettings, limits, clock);
        offer(Admissions.class, new AdmissionService(database, rows, newcomers, expectedSettings, clock));
        Whiteboard<RemoteCommands> commands = pluginServices.of(RemoteCommands.class);
        Whiteboard<BootService> bootServices =
                pluginServices.of(BootService.class, PluginState.INSTALLED, AdmittedBootService.by(calls));
        NodeParts nodes = part(new NodeParts(
                database,
                rows,
                engine,
                health,
                newcomers,
                bootImages,
                environments,
                settings,
                () -> authorizedKey(commands),
                resource -> answers(commands, resource),
                bootServices::services,
                missing::now,
                progress,
                history,
                calls,
                refused,
                limits));
        nodes.measure(metrics);
        offer(Nodes.class, nodes.nodes());
    }

    /** Any answer will do. */
    private static boolean answers(Whiteboard<RemoteCommands> commands, long resource) {
        return commands.services().stream()
                .findFirst()
                .map(at -> at.runOnMachine(resource, PING))
                .isPresent();
    }

    private static String authorizedKey(Whiteboard<RemoteCommands> commands) {
        return commands.services().stream()
                .findFirst()
                .map(RemoteCommands::authorizedKey)
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "give a machine the server's key",
                        "",
                        "the bundle org.qrm.exec is not at work",
                        "Start it, or look into the log why it does not start.")));
    }

    Database database() {
        return database;
    }

    /** What is at work with a plug-in goes on at the next start, instead of failing because the plug-in goes. */
    private void endOperations() {
        engine.close();
    }

    /**
     * Sets everything to work: plug-ins first, which operations need. Most of them need what is offered here; so what
     * a crash left goes on after that.
     */
    void open() {
        acting.look();
        engine.takeOver();
        if (withoutPlugins) {
            // before anybody can ask for something new
            engine.leaveWhatIsThere();
        }
        pluginServices.open(acting);
        offers.forEach(offer -> registrations.push(offer.register(context)));
        folderBundles.start();
        if (!withoutPlugins) {
            missing.awaitAll(PLUGINS);
        }
        pluginServices.settle();
        engine.carryOut();
        watch.start();
        powerWatch.start();
        deliveries.start();
        missing.start();
        unanswered.start();
        if (!withoutPlugins) {
            unresolved.start();
        }
        LOG.info("The core is at work on {}", database.shared() ? "a shared database" : "the embedded database");
    }

    @Override
    public void close() {
        registrations.forEach(ServiceRegistration::unregister);
        registrations.clear();
        if (engine != null) {
            engine.close();
        }
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failed) {
            LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), failed);
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private <T> void offer(Class<T> type, T service) {
        offers.add(new Offer<>(type, service));
    }

    private void every(long minutes, Runnable job) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qrm-housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(() -> quietly(job), minutes, minutes, TimeUnit.MINUTES);
        part(() -> {
            timer.shutdown();
            timer.awaitTermination(10, TimeUnit.SECONDS);
        });
    }

    private static void quietly(Runnable job) {
        try {
            job.run();
        } catch (RuntimeException failed) {
            LOG.warn("Housekeeping failed; trying again later", failed);
        }
    }
}
