package org.qrm.plugin.xen.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;

/** Looks at the machines that the wizard's answers name: at all of them at once, and not for long. */
final class WizardCheck {

    private static final Duration LIMIT = Duration.ofSeconds(24);

    private final RemoteCommands commands;
    private final StorageServers servers;
    private final FilesystemImages images;
    private final Surroundings surroundings;
    private final Map<String, String> reasons = new LinkedHashMap<>();

    WizardCheck(RemoteCommands commands, StorageServers servers, FilesystemImages images, Surroundings surroundings) {
        this.commands = commands;
        this.servers = servers;
        this.images = images;
        this.surroundings = surroundings;
    }

    /** What a storage server has. */
    private record Store(StorageFacts facts, List<String> taken) {}

    /**
     * Checks.
     *
     * @param type of the storage server; null if nobody provides it
     * @return reasons by question
     */
    Map<String, String> run(XenSettings settings, StorageType type) {
        if (settings.exportRoot().isEmpty()) {
            reasons.put(
                    XenSettings.STORAGE_SERVER_PATH,
                    "It needs a directory above it that can be the export root, as in /diskimages/Xen_image_1_0.");
        }
        if (type == null) {
            reasons.put(XenSettings.STORAGE_SERVER_TYPE, "No plug-in that is there keeps images so.");
        }
        StorageServer server = storageServer(settings);
        lookAround(settings, reasons.isEmpty() ? type : null, server);
        return reasons;
    }

    private StorageServer storageServer(XenSettings settings) {
        Optional<StorageServer> there = servers.find(settings.storageServerName());
        there.map(server -> HostStorageServer.difference(server, settings))
                .filter(difference -> !difference.isEmpty())
                .ifPresent(difference -> reasons.put(
                        XenSettings.STORAGE_SERVER_NAME,
                        "There is a storage server of that name with " + difference
                                + ". Give its facts, or another name."));
        return settings.storageServer(there.map(StorageServer::hostKey).orElse(null));
    }

    /** @param type null if the storage server is not worth a look */
    private void lookAround(XenSettings settings, StorageType type, StorageServer server) {
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "qrm-xen-wizard");
            thread.setDaemon(true);
            return thread;
        });
        try {
            long end = System.nanoTime() + LIMIT.toNanos();
            Future<SourceInventory> source =
                    threads.submit(() -> source(settings).inspect(LIMIT));
            Future<Store> store = type == null ? null : threads.submit(() -> probe(type, server));
            Optional<SourceInventory> inventory =
                    result(failed -> XenSettings.SOURCE_ADDRESS, settings.sourceAddress(), source, end);
            Optional<Store> found = store == null
                    ? Optional.empty()
                    : result(WizardCheck::atStorageServer, settings.storageServerManagementAddress(), store, end);
            inventory.ifPresent(this::checkSource);
            found.ifPresent(facts -> checkPath(settings, facts));
            inventory.ifPresent(what -> found.ifPresent(where -> checkRoom(settings, what, where)));
            checkGateway(settings, inventory);
        } finally {
            threads.shutdownNow();
        }
    }

    private SourceSystem source(XenSettings settings) {
        return new SourceSystem(commands, new SshHost(settings.sourceAddress(), SourceSystem.PORT, null));
    }

    /** The key that is offered counts for this look only: it is pinned when the storage server is created. */
    private Store probe(StorageType type, StorageServer server) {
        String key = server.hostKey() != null
                ? server.hostKey()
                : commands.offeredHostKey(server.managementAddress(), SourceSystem.PORT);
        StorageServer asked = new StorageServer(
                server.name(), server.type(), server.address(), server.managementAddress(), server.exportRoot(), key);
        BoundedWork work = new BoundedWork(LIMIT);
        return new Store(type.probe(asked, work), type.list(asked, work));
    }

    private void checkSource(SourceInventory inventory) {
        inventory.lack().ifPresent(lack -> refuse(XenSettings.SOURCE_ADDRESS, "There is a machine, but " + lack + "."));
        if (!inventory.rsync()) {
            refuse(XenSettings.SOURCE_ADDRESS, "rsync is not installed there: apt-get install rsync.");
        }
        if (!inventory.systemd()) {
            refuse(XenSettings.SOURCE_ADDRESS, "Its first process is not systemd, which a host image needs.");
        }
    }

    private void checkPath(XenSettings settings, Store store) {
        String path = settings.storageServerPath();
        Optional<FilesystemImage> own = images.find(HostFilesystemImage.NAME);
        boolean ours = own.filter(image -> image.storageServer().equals(settings.storageServerName())
                        && image.path().equals(path))
                .isPresent();
        own.filter(image -> !ours)
                .ifPresent(image -> refuse(
                        XenSettings.STORAGE_SERVER_PATH,
                        "Filesystem image " + image.name() + " is there already, at " + image.path() + " on "
                                + image.storageServer() + ". Give these, or delete it."));
        Filter<FilesystemImageField> there =
                Filter.by(FilesystemImageField.STORAGE_SERVER, settings.storageServerName());
        Optional<FilesystemImage> other = images.list(there, PageRequest.FIRST).items().stream()
                .filter(image -> !image.name().equals(HostFilesystemImage.NAME))
                .filter(image -> overlap(image.path(), path))
                .findFirst();
        if (other.isPresent()) {
            refuse(
                    XenSettings.STORAGE_SERVER_PATH,
                    "It overlaps with " + other.get().path() + " of filesystem image "
                            + other.get().name() + ".");
        } else if (!ours && store.taken().contains(path)) {
            refuse(XenSettings.STORAGE_SERVER_PATH, "There is such a directory on the storage server already.");
        }
    }

    private void checkRoom(XenSettings settings, SourceInventory inventory, Store store) {
        boolean copied = images.find(HostFilesystemImage.NAME).isPresent();
        if (!copied && store.facts().freeBytes() < inventory.usedBytes()) {
            refuse(
                    XenSettings.STORAGE_SERVER_PATH,
                    "The source system occupies " + mib(inventory.usedBytes()) + " MiB; there are "
                            + mib(store.facts().freeBytes()) + " MiB free on the storage server.");
        }
    }

    private void checkGateway(XenSettings settings, Optional<SourceInventory> inventory) {
        List<Ipv4Network> networks = new ArrayList<>(surroundings.networks());
        inventory.ifPresent(source -> networks.addAll(source.networks()));
        boolean reachable = networks.stream().anyMatch(network -> network.hasNeighbour(settings.defaultGateway()));
        if (inventory.isPresent() && !reachable) {
            refuse(
                    XenSettings.DEFAULT_GATEWAY,
                    "It is in no network of the source system or of this server, so hosts could not reach it.");
        }
    }

    /** The question whose answer is to be corrected, as storage types tell it. */
    private static String atStorageServer(Throwable failed) {
        boolean root = failed instanceof QrmException refused
                && (refused.problem().kind() == Problem.Kind.NOT_FOUND
                        || refused.problem().kind() == Problem.Kind.INVALID);
        return root ? XenSettings.STORAGE_SERVER_PATH : XenSettings.STORAGE_SERVER_MANAGEMENT_ADDRESS;
    }

    /** @param question at which a failure is told; of null when there is no answer in time */
    private <T> Optional<T> result(Function<Throwable, String> question, String address, Future<T> future, long end) {
        try {
            return Optional.of(future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException failure) {
            refuse(question.apply(failure.getCause()), said(address, failure.getCause()));
        } catch (TimeoutException late) {
            refuse(question.apply(null), address + " did not answer within " + LIMIT.toSeconds() + " s.");
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
        return Optional.empty();
    }

    private String said(String address, Throwable cause) {
        if (!(cause instanceof QrmException refused)) {
            return address + ": " + cause + ".";
        }
        Problem problem = refused.problem();
        String text = problem.reason() + ". " + problem.remedy();
        boolean stranger = problem.kind() == Problem.Kind.FORBIDDEN && !text.contains(commands.authorizedKey());
        return address + ": " + text.strip()
                + (stranger ? " The line for /root/.ssh/authorized_keys there: " + commands.authorizedKey() : "");
    }

    /** The first reason for a question stays: others mostly follow from it. */
    private void refuse(String question, String reason) {
        reasons.putIfAbsent(question, reason);
    }

    private static boolean overlap(String one, String other) {
        return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
    }

    private static long mib(long bytes) {
        return bytes / (1024 * 1024);
    }
}
