package org.qrm.plugin.xen.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.image.ImageSource;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.storage.StorageServers;
import org.qrm.testkit.Played;

/** A server that is played, as far as the plug-in sees it. Operations end when a test says so. */
final class Site {

    final Path data;
    final Source source = new Source();
    final Map<String, String> answers = new HashMap<>(Map.of(
            "sourceAddress", "10.77.0.10",
            "storageServerName", "NFS-server",
            "storageServerPath", "/diskimages/Xen_image_1_0",
            "storageServerAddress", "10.77.0.2",
            "storageServerManagementAddress", "10.77.0.3",
            "storageServerType", "NFS",
            "defaultGateway", "10.77.0.1"));
    final Map<String, StorageServer> servers = new TreeMap<>();
    final Map<String, BootImage> boot = new TreeMap<>();
    final Map<String, byte[]> bootContent = new TreeMap<>();
    final Map<String, FilesystemImage> images = new TreeMap<>();
    final List<EnvironmentSpec> environments = new ArrayList<>();
    final List<Operation> operations = new ArrayList<>();
    final List<ImageSource> sources = new ArrayList<>();

    /** How copies end; null lets them run on. */
    OperationState copiesEnd = OperationState.DONE;

    /** Called whenever somebody waits for an operation. */
    Runnable whileWaiting = () -> {};

    Site(Path data) throws IOException {
        this.data = data;
        Path initrd = data.resolve("initrd");
        Files.writeString(initrd, "default initrd;");
        boot.put(
                "default",
                new BootImage(
                        "default",
                        Loader.LINUX,
                        List.of(new BootFile("initrd.img", BootFile.Role.INITRD, 15, "")),
                        null,
                        ""));
    }

    XenPlugin plugin() {
        return new XenPlugin(
                Played.by(Plugins.class, new PluginsPart()),
                Played.by(VirtualEnvironments.class, new EnvironmentsPart()),
                storageServers(),
                Played.by(BootImages.class, new BootImagesPart()),
                filesystemImages(),
                Played.by(Operations.class, new OperationsPart()),
                source.commands(),
                Played.by(ServerSettings.class, new SettingsPart()));
    }

    StorageServers storageServers() {
        return Played.by(StorageServers.class, new ServersPart());
    }

    FilesystemImages filesystemImages() {
        return Played.by(FilesystemImages.class, new ImagesPart());
    }

    /** What an installation leaves behind, in short. */
    List<String> made() {
        List<String> all = new ArrayList<>();
        servers.keySet().forEach(name -> all.add("server " + name));
        boot.keySet().stream().filter(name -> !name.equals("default")).forEach(name -> all.add("boot " + name));
        images.values().forEach(image -> all.add("image " + image.name() + " " + image.state()));
        return all;
    }

    void operation(String kind, String subject, OperationState state, boolean cancelRequested, String reason) {
        operations.add(new Operation(
                operations.size() + 1,
                kind,
                subject,
                state,
                0.5,
                List.of(new Operation.Step("fill", state)),
                reason,
                cancelRequested,
                Instant.EPOCH,
                null,
                null));
    }

    private Operation end(Operation operation, OperationState state, String reason) {
        Operation ended = new Operation(
                operation.id(),
                operation.kind(),
                operation.subject(),
                state,
                1,
                operation.steps(),
                reason,
                state == OperationState.CANCELLED,
                Instant.EPOCH,
                null,
                null);
        operations.set((int) operation.id() - 1, ended);
        return ended;
    }

    private void setState(FilesystemImage image, FilesystemImage.State state) {
        images.put(
                image.name(),
                new FilesystemImage(
                        image.name(), image.storageServer(), image.path(), state, "", 0, image.plugin(), ""));
    }

    private static <T> Page<T> page(List<T> items) {
        return new Page<>(items, null);
    }

    public final class SettingsPart {
        public Path dataDirectory() {
            return data;
        }
    }

    public final class PluginsPart {
        public Map<String, String> answers(String plugin) {
            return answers;
        }
    }

    public final class EnvironmentsPart {
        public Page<VirtualEnvironment> list(
                Filter<EnvironmentField> filter, Sort<EnvironmentField> sort, PageRequest page) {
            return page(environments.stream()
                    .map(spec -> new VirtualEnvironment(spec, EnvironmentState.INACTIVE, "", List.of(), 1))
                    .toList());
        }
    }

    public final class ServersPart {
        public Optional<StorageServer> find(String name) {
            return Optional.ofNullable(servers.get(name));
        }

        public Page<StorageServer> list(
                Filter<StorageServerField> filter, Sort<StorageServerField> sort, PageRequest page) {
            return page(List.copyOf(servers.values()));
        }

        public StorageServer create(StorageServer server) {
            servers.put(server.name(), server);
            return server;
        }

        public void delete(String name) {
            if (images.values().stream().anyMatch(image -> image.storageServer().equals(name))) {
                throw QrmException.conflict("delete storage server", name, "an image is on it", "");
            }
            servers.remove(name);
        }
    }

    public final class BootImagesPart {
        public Optional<BootImage> find(String name) {
            return Optional.ofNullable(boot.get(name));
        }

        public BootImage create(String name, Loader loader, String plugin, String description) {
            boot.put(name, new BootImage(name, loader, List.of(), plugin, description));
            return boot.get(name);
        }

        public BootImage putFile(String image, String file, BootFile.Role role, InputStream content) {
            try {
                bootContent.put(file, content.readAllBytes());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
            BootImage before = boot.get(image);
            List<BootFile> files = new ArrayList<>(before.files());
            files.add(new BootFile(file, role, bootContent.get(file).length, Source.sha256(bootContent.get(file))));
            boot.put(image, new BootImage(image, before.loader(), files, before.plugin(), before.description()));
            return boot.get(image);
        }

        public void delete(String name) {
            boot.remove(name);
        }

        public Optional<Path> content(String image, String file) {
            return Optional.of(data.resolve("initrd"));
        }
    }

    public final class ImagesPart {
        public Optional<FilesystemImage> find(String name) {
            return Optional.ofNullable(images.get(name));
        }

        public Page<FilesystemImage> list(
                Filter<FilesystemImageField> filter, Sort<FilesystemImageField> sort, PageRequest page) {
            return page(images.values().stream()
                    .filter(image -> image.storageServer().equals(filter.get(FilesystemImageField.STORAGE_SERVER)))
                    .toList());
        }

        public Operation create(
                String name, String server, String path, ImageSource from, String plugin, String description) {
            sources.add(from);
            images.put(
                    name, new FilesystemImage(name, server, path, FilesystemImage.State.CREATING, "", 0, plugin, ""));
            operation("filesystem-image.create", "filesystem-image/" + name, OperationState.RUNNING, false, "");
            return operations.get(operations.size() - 1);
        }

        public Operation delete(String name, boolean keepContent) {
            images.remove(name);
            operation("filesystem-image.delete", "filesystem-image/" + name, OperationState.DONE, false, "");
            return operations.get(operations.size() - 1);
        }
    }

    public final class OperationsPart {
        public Optional<Operation> find(long id) {
            return Optional.of(operations.get((int) id - 1));
        }

        public Page<Operation> list(Filter<OperationField> filter, Sort<OperationField> sort, PageRequest page) {
            List<Operation> found = new ArrayList<>();
            operations.stream()
                    .filter(each -> each.subject().equals(filter.get(OperationField.SUBJECT)))
                    .forEach(each -> found.add(0, each));
            return page(found);
        }

        public List<LogLine> log(long id) {
            return List.of(new LogLine(Instant.EPOCH, "line of operation " + id));
        }

        public Operation cancel(long id) {
            Operation operation = operations.get((int) id - 1);
            images.remove("Xen_image_1_0");
            return end(operation, OperationState.CANCELLED, "cancelled");
        }

        public Operation await(long id, Duration atMost) {
            whileWaiting.run();
            Operation operation = operations.get((int) id - 1);
            FilesystemImage image = images.get("Xen_image_1_0");
            if (copiesEnd == null || operation.state().ended()) {
                return operation;
            }
            boolean done = copiesEnd == OperationState.DONE;
            setState(image, done ? FilesystemImage.State.READY : FilesystemImage.State.ERROR);
            return end(operation, copiesEnd, done ? "" : "the connection broke");
        }
    }
}
