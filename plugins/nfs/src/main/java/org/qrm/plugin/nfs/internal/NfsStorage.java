package org.qrm.plugin.nfs.internal;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.event.EventLog;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;
import org.qrm.plugin.nfs.internal.StorageHost.Answer;

/** Filesystem images on an NFS server that is managed over SSH: file systems of their own, or directories. */
@Component(
        service = {StorageType.class, NfsStorage.class},
        configurationPid = "org.qrm.plugin.nfs")
public final class NfsStorage implements StorageType {

    private static final Pattern SUITE = Pattern.compile("[a-z][a-z0-9.-]{0,39}");
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,99}");

    private final RemoteCommands commands;
    private final HostKeyPins pins;
    private final NfsTrust trust;
    private final Patient patient = new Patient();
    private volatile ImageSettings settings;

    @Activate
    public NfsStorage(
            @Reference RemoteCommands commands,
            @Reference StorageServers servers,
            @Reference EventLog events,
            @Reference NfsTrust trust,
            Map<String, Object> configuration) {
        this.commands = commands;
        this.settings = new ImageSettings(configuration);
        this.trust = trust;
        this.pins = new HostKeyPins(commands, servers, events);
    }

    /** Work that is under way goes on. */
    @Modified
    void configure(Map<String, Object> configuration) {
        settings = new ImageSettings(configuration);
    }

    @Deactivate
    void stop() {
        patient.close();
    }

    @Override
    public String name() {
        return "nfs";
    }

    @Override
    public StorageFacts probe(StorageServer server, WorkContext work) {
        Answer answer = host(server, work)
                .probe(work, "probe the storage server", root(server), settings.volumes(server.name()));
        trust.seen(server, answer);
        return new StorageFacts(
                joined("; images in ", answer.value("implementation"), answer.value("disks-in")),
                answer.number("free-kib") * 1024,
                joined("; ", trust.warning(server), answer.value("thin"), answer.value("given-away")));
    }

    /** Of those that there are. */
    private static String joined(String between, String... texts) {
        return Stream.of(texts).filter(text -> text != null && !text.isEmpty()).collect(Collectors.joining(between));
    }

    @Override
    public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
        if (source instanceof ImageSource.Existing) {
            fill(server, image, work, "take the directory", "adopt");
        } else if (source instanceof ImageSource.Empty) {
            fill(server, image, work, "make the directory", "empty");
        } else if (source instanceof ImageSource.Archive archive) {
            String path = ImagePath.plain("archive", archive.path());
            fill(server, image, work, "unpack the archive", "archive", path);
        } else if (source instanceof ImageSource.Debootstrap debian) {
            debootstrap(server, image, debian, work);
        } else if (source instanceof ImageSource.System system) {
            String[] place = with(place(server, image, "copy the source system"), settings.words(server.name()));
            new SystemCopy(commands, patient, host(server, work), work).run(system, place);
        } else {
            throw QrmException.refused(
                    "fill the image",
                    image.name(),
                    "this version of the plug-in does not know that source",
                    "Take another source, or update the plug-in.");
        }
    }

    /**
     * Lets an image that is a file system of its own have that size; an image that is open is used meanwhile.
     *
     * @param gib of 1024³ bytes
     * @throws QrmException INVALID when it is larger already; CONFLICT when it is a directory; UNAVAILABLE without room
     */
    void grow(StorageServer server, FilesystemImage image, long gib, WorkContext work) {
        run(server, image, work, "grow", "grow", String.valueOf(gib * 1024));
    }

    /**
     * Gives an image that is a directory a file system of its own, with the same content. Until that is complete, the image is
     * the directory.
     *
     * @throws QrmException CONFLICT while machines may mount it; UNAVAILABLE when the storage server cannot do it, or has no room
     */
    void confine(StorageServer server, FilesystemImage image, WorkContext work) {
        run(server, image, work, "confine", "confine", settings.gib(), settings.volumes(server.name()));
        probe(server, work);
    }

    @Override
    public long size(StorageServer server, FilesystemImage image, WorkContext work) {
        return run(server, image, work, "measure the image", "size").number("kib") * 1024;
    }

    @Override
    public List<String> list(StorageServer server, WorkContext work) {
        return host(server, work)
                .run(work, "list directories", "list", root(server))
                .values("path");
    }

    @Override
    public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
        run(server, image, work, "remove the image", "remove");
    }

    @Override
    public Set<StorageAbility> abilities() {
        return EnumSet.of(StorageAbility.SNAPSHOTS, StorageAbility.FENCING);
    }

    @Override
    public void createSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        snapshot(server, image, snapshot, work, "take a snapshot of", "snapshot_create");
    }

    @Override
    public void restoreSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        snapshot(server, image, snapshot, work, "restore a snapshot of", "snapshot_restore");
    }

    @Override
    public void removeSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        snapshot(server, image, snapshot, work, "remove a snapshot of", "snapshot_remove");
    }

    private void snapshot(
            StorageServer server,
            FilesystemImage image,
            String snapshot,
            WorkContext work,
            String attempted,
            String verb) {
        run(server, image, work, attempted, verb, Name.checked(attempted, "snapshot", snapshot));
    }

    @Override
    public void setAccess(StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
        setAccess(server, image, () -> clients, work);
    }

    @Override
    public void setAccess(
            StorageServer server, FilesystemImage image, Supplier<List<StorageClient>> clients, WorkContext work) {
        while (!publish(server, image, clients, work)) {
            work.checkpoint();
        }
    }

    /**
     * Who may mount it is asked for when the storage server has said what was published last, and is not published when something else
     * was in between. So nothing takes effect that was known before something that has.
     *
     * @return whether it was published
     */
    private boolean publish(
            StorageServer server, FilesystemImage image, Supplier<List<StorageClient>> clients, WorkContext work) {
        boolean closes = checked(clients.get()).isEmpty();
        Answer facts = closes
                ? run(server, image, work, "close the image", "export_turn")
                : run(server, image, work, "open the image", "export_facts");
        List<StorageClient> now = checked(clients.get());
        if (now.isEmpty() != closes) {
            return false;
        }
        return closes
                ? isPublished(run(server, image, work, "close the image", "withdraw_export", facts.value("turn")))
                : open(server, image, now, facts, work);
    }

    private static List<StorageClient> checked(List<StorageClient> clients) {
        clients.forEach(client -> Ipv4.checked(client.address()));
        return clients;
    }

    private static boolean isPublished(Answer answer) {
        return answer.value("overtaken") == null;
    }

    private boolean open(
            StorageServer server, FilesystemImage image, List<StorageClient> clients, Answer facts, WorkContext work) {
        trust.seen(server, facts);
        boolean kernel = "kernel".equals(facts.value("server"));
        boolean own = "yes".equals(facts.value("own"));
        String content = kernel
                ? Exports.forKernel(image.name(), image.path(), own, clients)
                : Exports.forGanesha(image.name(), image.path(), (int) facts.number("export-id"), own, clients);
        Answer answer = run(server, image, work, "open the image", "publish_export", facts.value("turn"), content);
        if (kernel && isPublished(answer)) {
            verifyExported(image, clients, answer.value("exported"));
        }
        return isPublished(answer);
    }

    @Override
    public void confirmClosed(StorageServer server, FilesystemImage image, WorkContext work) {
        run(server, image, work, "close the image", "confirm_closed");
    }

    private static void verifyExported(FilesystemImage image, List<StorageClient> clients, String exported) {
        Set<String> wanted =
                clients.stream().map(StorageClient::address).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = new TreeSet<>(List.of(exported.strip().split(" +")));
        if (!found.equals(wanted)) {
            throw QrmException.failed(
                    "open the image",
                    image.name(),
                    "the storage server exports " + image.path() + " to " + found + " instead of " + wanted,
                    "Look for other lines with that path in /etc/exports and /etc/exports.d there.",
                    null);
        }
    }

    @Override
    public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
        return new Mount(
                name(),
                Ipv4.checked(server.address()) + ":" + ImagePath.below(server.exportRoot(), image.path()),
                "vers=3,tcp,nolock," + (writable ? "rw" : "ro"));
    }

    private void debootstrap(
            StorageServer server, FilesystemImage image, ImageSource.Debootstrap debian, WorkContext work) {
        refuseUnless(SUITE.matcher(debian.suite()).matches(), "suite", debian.suite());
        debian.packages().forEach(each -> refuseUnless(PACKAGE.matcher(each).matches(), "package", each));
        String packages = String.join(",", debian.packages());
        fill(server, image, work, "make a fresh Debian", "debootstrap", debian.suite(), packages);
    }

    private static void refuseUnless(boolean good, String noun, String text) {
        if (!good) {
            throw QrmException.invalid(
                    "make a fresh Debian", Name.printable(text), "that is no name of a " + noun, "Correct the name.");
        }
    }

    private void fill(
            StorageServer server,
            FilesystemImage image,
            WorkContext work,
            String attempted,
            String verb,
            String... arguments) {
        run(server, image, work, attempted, verb, with(settings.words(server.name()), arguments));
    }

    private Answer run(
            StorageServer server,
            FilesystemImage image,
            WorkContext work,
            String attempted,
            String verb,
            String... arguments) {
        String[] all = with(place(server, image, attempted), arguments);
        return host(server, work).run(work, attempted + " " + image.name(), verb, all);
    }

    private static String[] with(String[] first, String... more) {
        return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static String[] place(StorageServer server, FilesystemImage image, String attempted) {
        return new String[] {
            server.exportRoot(),
            Name.checked(attempted, "filesystem image", image.name()),
            ImagePath.below(server.exportRoot(), image.path())
        };
    }

    private StorageHost host(StorageServer server, WorkContext work) {
        return new StorageHost(commands, pins.host(server, work), patient);
    }

    private static String root(StorageServer server) {
        return ImagePath.plain("export root", server.exportRoot());
    }
}
