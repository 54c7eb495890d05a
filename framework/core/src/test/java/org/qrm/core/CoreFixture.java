package org.qrm.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootService;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.image.ImageSource;
import org.qrm.api.image.Loader;
import org.qrm.api.node.Nodes;
import org.qrm.api.operation.Operation;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.power.MachinePower;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;
import org.qrm.core.admission.AdmissionService;
import org.qrm.core.admission.Newcomers;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.PluginTerminals;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.environment.EnvironmentOperations;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.history.History;
import org.qrm.core.history.HistoryKeeper;
import org.qrm.core.node.NodeParts;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationService;
import org.qrm.core.operation.Step;
import org.qrm.core.partition.Guests;
import org.qrm.core.partition.Hosts;
import org.qrm.core.partition.PartitionConsoles;
import org.qrm.core.partition.PartitionOperations;
import org.qrm.core.partition.PartitionPower;
import org.qrm.core.partition.PartitionService;
import org.qrm.core.partition.PartitionWatch;
import org.qrm.core.resource.BootProgress;
import org.qrm.core.resource.HiddenTokens;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.PowerService;
import org.qrm.core.resource.PowerWatch;
import org.qrm.core.resource.ResourceActions;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.settings.ExpectedSettings;
import org.qrm.core.settings.ObjectSettingsService;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;

/**
 * The core put together without a container, on a database in memory; {@link #crash} throws the running half away and
 * starts a new one on what the database says.
 */
public final class CoreFixture implements AutoCloseable {

    public static final Limits QUICK =
            new Limits(Duration.ofSeconds(45), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(2));

    public final Path directory;
    public final Database database;
    public final Storage storage = new Storage();
    public volatile boolean storageIsAway;
    public final List<AssignmentListener> listeners = new CopyOnWriteArrayList<>();
    public final List<PowerController> controllers = new CopyOnWriteArrayList<>();
    public MachinePower machinePower;
    public final List<ObjectQuestions> questions = new CopyOnWriteArrayList<>();
    public ObjectSettings settings;
    public final List<BootService> bootServices = new CopyOnWriteArrayList<>();
    /** What boot services did wrong. */
    public final List<String> faults = new CopyOnWriteArrayList<>();

    public final List<PartitionProvider> providers = new CopyOnWriteArrayList<>();
    /** Which machines answer when they are asked. */
    public volatile LongPredicate answers = id -> false;
    /** Hears of each step before it runs. */
    public volatile Consumer<Step> beforeStep = step -> {};

    /** How many lost machines are replaced at the same time; counts from the next {@link #crash}. */
    public int healsAtOnce = 3;

    private final Limits limits;

    public PluginCalls calls;
    public OperationEngine engine;
    public OperationService operations;
    public ResourceService resources;
    public EnvironmentService environments;
    /** A window is open. */
    public AdmissionService admissions;

    public PluginTerminals terminals;
    public PartitionService partitions;
    /** Looks when it is told to. */
    public PartitionWatch partitionWatch;

    /** Hears of orders; asks when it is told to. */
    public History history;

    public HistoryKeeper keeper;
    public PowerWatch powerWatch;

    private NodeParts nodeParts;

    public CoreFixture(Path directory, Limits limits) throws Exception {
        this(directory, limits, "jdbc:derby:memory:core-" + UUID.randomUUID());
    }

    public CoreFixture(Path directory, Limits limits, String url) throws Exception {
        this.directory = directory;
        this.limits = limits;
        this.database = Database.open(url, directory, "0-test");
        database.change(change -> {
            change.handle()
                    .execute("insert into boot_image (name, loader, description) values ('default', 'LINUX', '')");
            change.handle()
                    .execute("insert into storage_server (name, type, address, management_address, export_root)"
                            + " values ('store', 'memory', '10.0.0.2', '10.0.0.2', '/export')");
            return null;
        });
        Files.writeString(directory.resolve("ca.pem"), TestCertificate.PEM);
        start();
        admissions.open(Duration.ofDays(1), 100_000);
    }

    private void start() {
        ResourceRows rows = new ResourceRows();
        EnvironmentHealth health = new EnvironmentHealth(rows);
        calls = new PluginCalls();
        engine = new OperationEngine(database, "test", step -> beforeStep.accept(step));
        operations = new OperationService(database, engine);
        BootProgress progress = new BootProgress(Clock.systemUTC());
        Hosts hosts = new Hosts(rows, () -> providers, calls);
        PowerControllers power = new PowerControllers(PartitionPower.before(() -> controllers, database, hosts), calls);
        powerWatch = new PowerWatch(
                database, rows, power, () -> controllers, "test", Duration.ofSeconds(60), Clock.systemUTC());
        terminals = new PluginTerminals(calls, HiddenTokens::in);
        machinePower = new PowerService(database, rows, power, terminals, powerWatch::soon);
        ResourceActions actions =
                new ResourceActions(rows, health, (change, host) -> Guests.forget(change, rows, host), power, limits);
        actions.addTo(engine);
        history = new History();
        keeper = new HistoryKeeper(database, history, Clock.systemUTC());
        resources = new ResourceService(database, rows, engine, actions, history, keeper);
        environments = new EnvironmentService(
                database,
                engine,
                operations,
                rows,
                hosts::needs,
                power,
                limits,
                new Seal(directory.resolve("database-key")));
        partitions =
                new PartitionService(database, rows, engine, hosts, new PartitionConsoles(database, hosts, terminals));
        partitionWatch = new PartitionWatch(database, rows, engine, hosts, health);
        PartitionOperations.addTo(engine, rows, hosts, health, limits);
        BootImages bootImages = new OneBootImage();
        EnvironmentOperations.addTo(
                engine,
                new EnvironmentOperations.Parts(
                        rows,
                        bootImages,
                        new ImagesInRows(),
                        new OneStorageServer(),
                        name -> {
                            if (storageIsAway) {
                                throw new QrmException(new Problem(
                                        Problem.Kind.UNAVAILABLE,
                                        "use storage",
                                        name,
                                        "its plug-in is not there",
                                        "Wait."));
                            }
                            return storage;
                        },
                        () -> listeners,
                        power,
                        (change, host) -> Guests.forget(change, rows, host),
                        progress,
                        health,
                        calls,
                        environments,
                        healsAtOnce,
                        limits));
        Seal seal = new Seal(directory.resolve("key"));
        settings = new ObjectSettingsService(database, rows, seal, () -> questions, machine -> {});
        ExpectedSettings expectedSettings = new ExpectedSettings(seal, () -> questions);
        Newcomers newcomers = new Newcomers(database, rows, expectedSettings, limits, Clock.systemUTC());
        admissions = new AdmissionService(database, rows, newcomers, expectedSettings, Clock.systemUTC());
        nodeParts = new NodeParts(
                database,
                rows,
                engine,
                health,
                newcomers,
                bootImages,
                environments,
                new Settings(directory),
                () -> "ecdsa-sha2-nistp256 AAAA",
                id -> answers.test(id),
                () -> bootServices,
                List::of,
                progress,
                history,
                calls,
                faultsHeard(),
                limits);
        engine.start();
    }

    private Whiteboard.Refusals faultsHeard() {
        return new Whiteboard.Refusals() {
            @Override
            public void refused(Object service, String why) {
                faults.add(why);
            }

            @Override
            public void over(Object service) {}
        };
    }

    /** As after {@code kill -9} and a restart: nothing is told to end well. */
    public void crash() {
        engine.abandon();
        partitionWatch.close();
        powerWatch.close();
        nodeParts.close();
        calls.close();
        start();
    }

    public Nodes nodes() {
        return nodeParts.nodes();
    }

    public void image(String name) {
        database.change(change -> change.handle()
                .execute(
                        "insert into filesystem_image (name, storage_server, path, state, reason, size_bytes, description)"
                                + " values (?, 'store', ?, 'READY', '', 0, '')",
                        name,
                        "/export/" + name));
    }

    /** An image and an environment on it, both of that name. */
    public void environment(String name, EnvironmentMode mode, Requirements requirements) {
        image(name);
        environments.create(new EnvironmentSpec(
                name, BootImage.DEFAULT, name, mode, null, EnvironmentSpec.ON_NODE, requirements, List.of(), ""));
    }

    /** An image and an environment on it, both of that name, that makes its machine a host. */
    public void hostEnvironment(String name, String plugin) {
        image(name);
        environments.create(new EnvironmentSpec(
                name,
                BootImage.DEFAULT,
                name,
                EnvironmentMode.MULTI,
                plugin,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of(),
                ""));
    }

    /** An image and an environment on it, both of that name, that runs on partitions. */
    public void guestEnvironment(String name, String plugin) {
        image(name);
        environments.create(new EnvironmentSpec(
                name,
                BootImage.DEFAULT,
                name,
                EnvironmentMode.SINGLE,
                null,
                EnvironmentSpec.ON_PARTITION + plugin,
                Requirements.NONE,
                List.of(),
                ""));
    }

    /** What events of that type say that are not resolved, the oldest first. */
    public List<String> openEvents(String type) {
        return database.read(handle -> handle.createQuery(
                        "select description from event where type = :type and resolved = false order by id")
                .bind("type", type)
                .mapTo(String.class)
                .list());
    }

    /** Until the machine has booted and waits in the pool. */
    public void awaitIdle(TestMachine machine) {
        Eventually.eventually(
                () -> machine.mac() + " is idle; its trouble: " + machine.trouble(),
                () -> resources
                        .find(machine.mac())
                        .filter(it -> it.state() == ResourceState.IDLE)
                        .isPresent());
    }

    public Operation await(Operation operation) throws InterruptedException {
        return operations.await(operation.id(), Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        engine.close();
        partitionWatch.close();
        powerWatch.close();
        nodeParts.close();
        calls.close();
        database.close();
    }

    /** Storage that remembers who may mount what. */
    public static final class Storage implements StorageType {
        public final Map<String, List<StorageClient>> access = new ConcurrentHashMap<>();
        public volatile Runnable before = () -> {};
        public volatile Runnable closed = () -> {};
        public volatile Set<StorageAbility> abilities = Set.of();

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public Set<StorageAbility> abilities() {
            return abilities;
        }

        @Override
        public StorageFacts probe(StorageServer server, org.qrm.api.operation.WorkContext work) {
            return new StorageFacts("memory", 1L << 40);
        }

        @Override
        public void create(
                StorageServer server,
                FilesystemImage image,
                ImageSource source,
                org.qrm.api.operation.WorkContext work) {}

        @Override
        public long size(StorageServer server, FilesystemImage image, org.qrm.api.operation.WorkContext work) {
            return 1;
        }

        @Override
        public List<String> list(StorageServer server, org.qrm.api.operation.WorkContext work) {
            return List.of();
        }

        @Override
        public void remove(StorageServer server, FilesystemImage image, org.qrm.api.operation.WorkContext work) {}

        @Override
        public void setAccess(
                StorageServer server,
                FilesystemImage image,
                List<StorageClient> clients,
                org.qrm.api.operation.WorkContext work) {
            before.run();
            access.put(image.name(), List.copyOf(clients));
        }

        @Override
        public void confirmClosed(StorageServer server, FilesystemImage image, org.qrm.api.operation.WorkContext work) {
            closed.run();
        }

        @Override
        public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
            return new Mount("memory", server.address() + ":" + image.path(), writable ? "rw" : "ro");
        }
    }

    private static final class OneBootImage implements BootImages {
        private final BootImage image = new BootImage(
                BootImage.DEFAULT,
                Loader.LINUX,
                List.of(
                        new BootFile("vmlinuz", BootFile.Role.KERNEL, 1, "0".repeat(64)),
                        new BootFile("initrd.img", BootFile.Role.INITRD, 1, "0".repeat(64))),
                null,
                "");

        @Override
        public Optional<BootImage> find(String name) {
            return Optional.of(image).filter(it -> it.name().equals(name));
        }

        @Override
        public Page<BootImage> list(PageRequest page) {
            return new Page<>(List.of(image), null);
        }

        @Override
        public BootImage create(String name, Loader loader, String plugin, String description) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BootImage putFile(String image, String file, BootFile.Role role, java.io.InputStream content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BootImage update(String name, Loader loader, String description, Expected<BootImage> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BootImage deleteFile(String image, String file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BootImage remark(String name, Remark said, Expected<BootImage> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String name, Expected<BootImage> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Path> content(String image, String file) {
            return Optional.empty();
        }
    }

    private static final class ImagesInRows implements FilesystemImages {
        @Override
        public Optional<FilesystemImage> find(String name) {
            return Optional.of(new FilesystemImage(
                    name, "store", "/export/" + name, FilesystemImage.State.READY, "", 0, null, ""));
        }

        @Override
        public Page<FilesystemImage> list(
                Filter<FilesystemImageField> filter, Sort<FilesystemImageField> sort, PageRequest page) {
            return new Page<>(new ArrayList<>(), null);
        }

        @Override
        public Operation create(
                String name, String server, String path, ImageSource source, String plugin, String description) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FilesystemImage update(String name, String description, Expected<FilesystemImage> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Operation measure(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FilesystemImage remark(String name, Remark said, Expected<FilesystemImage> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Operation delete(
                String name, boolean keepContent, boolean withSnapshots, Expected<FilesystemImage> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ImageSnapshot> snapshots(String image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Operation createSnapshot(String image, String snapshot, String description) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Operation restoreSnapshot(String image, String snapshot) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Operation deleteSnapshot(String image, String snapshot) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class OneStorageServer implements StorageServers {
        private final StorageServer server =
                new StorageServer("store", "memory", "10.0.0.2", "10.0.0.2", "/export", null);

        @Override
        public Optional<StorageServer> find(String name) {
            return Optional.of(server);
        }

        @Override
        public Page<StorageServer> list(
                Filter<StorageServerField> filter, Sort<StorageServerField> sort, PageRequest page) {
            return new Page<>(List.of(server), null);
        }

        @Override
        public StorageServer create(StorageServer other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StorageServer update(StorageServer other, Expected<StorageServer> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StorageServer remark(String name, Remark said, Expected<StorageServer> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String name, Expected<StorageServer> expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StorageFacts probe(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String pinHostKey(String name, String hostKey) {
            return hostKey;
        }
    }

    private record Settings(Path dataDirectory) implements ServerSettings {
        @Override
        public String address() {
            return "10.0.0.1";
        }

        @Override
        public int httpPort() {
            return 8080;
        }

        @Override
        public int httpsPort() {
            return 8443;
        }

        @Override
        public Path homeDirectory() {
            return dataDirectory;
        }

        @Override
        public String databaseUrl() {
            return "";
        }

        @Override
        public Path caCertificate() {
            return dataDirectory.resolve("ca.pem");
        }

        @Override
        public String version() {
            return "test";
        }
    }
}
