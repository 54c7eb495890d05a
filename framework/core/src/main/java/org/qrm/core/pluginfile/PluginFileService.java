package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.PluginFileState;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts plug-ins' files into the folder and takes them out, one after the other, and sees what becomes of them. */
public final class PluginFileService implements PluginFiles {

    static final String ADD = "add plug-in file";
    static final String REMOVE = "remove plug-in file";

    private static final Logger LOG = LoggerFactory.getLogger(PluginFileService.class);
    private static final long TURN_SECONDS = 60;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    private final PluginFolder folder;
    private final TrustedSigners signers;
    private final ReleasedFiles released;
    private final PluginBundles bundles;
    private final Plugins plugins;
    private final ReentrantLock turn = new ReentrantLock();

    /** @param settings where the folder is, what is on its way to it, and whose files are taken */
    public PluginFileService(ServerSettings settings, PluginBundles bundles, Plugins plugins, Clock clock) {
        this(
                settings.dataDirectory(),
                settings.pluginUploads(),
                new ReleasedFiles(settings.homeDirectory()),
                bundles,
                plugins,
                clock);
    }

    private PluginFileService(
            Path data, boolean open, ReleasedFiles released, PluginBundles bundles, Plugins plugins, Clock clock) {
        this(
                new PluginFolder(
                        data.resolve("deploy"),
                        data.resolve("deploy-arriving"),
                        data.resolve("deploy-uninstalled"),
                        MOST_BYTES),
                open ? new TrustedSigners(data.resolve("trusted"), clock) : null,
                released,
                bundles,
                plugins);
    }

    /** @param signers null when no files are taken here */
    PluginFileService(
            PluginFolder folder,
            TrustedSigners signers,
            ReleasedFiles released,
            PluginBundles bundles,
            Plugins plugins) {
        this.folder = folder;
        this.signers = signers;
        this.released = released;
        this.bundles = bundles;
        this.plugins = plugins;
        try {
            folder.prepare();
        } catch (IOException failed) {
            // the server can do without; whoever adds a file is told
            LOG.warn("Could not prepare the folder for plug-ins' files", failed);
        }
    }

    @Override
    public List<PluginFile> list() {
        try {
            return folder.list().stream().map(this::describe).toList();
        } catch (IOException failed) {
            throw QrmException.failed("list plug-in files", "", failed.toString(), "Look at QRM_DATA/deploy.", failed);
        }
    }

    @Override
    public Optional<PluginFile> find(String name) {
        return PluginFileName.is(name) ? folder.find(name).map(this::describe) : Optional.empty();
    }

    private PluginFile describe(PluginFolder.Listed file) {
        PluginBundles.Seen bundle = bundles.at(folder.path(file.name()));
        return new PluginFile(
                file.name(),
                file.size(),
                file.sha256(),
                bundle.symbolicName(),
                bundle.version(),
                bundle.state(),
                bundle.reason(),
                bundle.plugins());
    }

    @Override
    public PluginFile add(String name, InputStream content, String sha256, Expected<PluginFile> expected) {
        PluginFileName.checked(ADD, name);
        refuseUploads(name);
        refuseNoSha256(name, sha256);
        PluginFolder.Arrived arrived = receive(name, content);
        try {
            refuseOther(name, arrived, sha256);
            if (!isReleased(name, arrived)) {
                refuseUnvouched(name, arrived, sha256);
            }
            BundleManifest manifest = BundleManifest.of(arrived.file());
            return inTurn(ADD, name, () -> {
                Optional<PluginFile> before = find(name);
                expected.check(before.orElse(null));
                return put(before, name, arrived, manifest);
            });
        } catch (BundleManifest.NoBundle no) {
            throw QrmException.invalid(
                    ADD, name, no.getMessage(), "Send a plug-in's jar, an OSGi bundle, as its build left it.");
        } finally {
            folder.forget(arrived.file());
        }
    }

    private void refuseUploads(String name) {
        if (signers == null) {
            throw new QrmException(new Problem(
                    Problem.Kind.FORBIDDEN,
                    ADD,
                    name,
                    "this server takes no files here (QRM_PLUGIN_UPLOADS=off)",
                    "Put it into the folder deploy of QRM_DATA, on the server's host."));
        }
    }

    private static void refuseNoSha256(String name, String sha256) {
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw QrmException.invalid(
                    ADD,
                    name,
                    "the digest that is given is no SHA-256",
                    "Give 64 hexadecimal digits, as sha256sum writes them.");
        }
    }

    private static void refuseOther(String name, PluginFolder.Arrived arrived, String sha256) {
        if (sha256 != null && !arrived.sha256().equals(sha256.toLowerCase(Locale.ROOT))) {
            throw QrmException.invalid(
                    ADD,
                    name,
                    "its SHA-256 is " + arrived.sha256() + ", and should be " + sha256.toLowerCase(Locale.ROOT),
                    "It is another file, or was changed on its way: get it anew, and compare the digest with its maker's.");
        }
    }

    private boolean isReleased(String name, PluginFolder.Arrived arrived) {
        try {
            return released.contain(arrived.file());
        } catch (IOException failed) {
            throw QrmException.failed(
                    ADD,
                    name,
                    "it could not be compared with the files of this server's release (" + failed + ")",
                    "Look at the permissions of the folder system in which the server is unpacked.",
                    failed);
        }
    }

    private void refuseUnvouched(String name, PluginFolder.Arrived arrived, String sha256) {
        if (sha256 == null && !signers.isSomebodyTrusted()) {
            throw QrmException.invalid(
                    ADD,
                    "sha256",
                    "nobody vouches for " + name
                            + ": it comes without its digest, this server knows no signer, and did not"
                            + " bring it itself",
                    "If its maker tells the SHA-256 " + arrived.sha256()
                            + ", give that (--sha256); or put its signer's certificate into the folder trusted of QRM_DATA.");
        }
        signers.objection(arrived.file()).ifPresent(why -> {
            throw refused(
                    name,
                    why,
                    "This server takes what is signed by those whose certificates are in the folder trusted of QRM_DATA;"
                            + " get a signed file, or put its signer's certificate there.");
        });
    }

    private PluginFolder.Arrived receive(String name, InputStream content) {
        try {
            return folder.receive(name, content);
        } catch (IOException failed) {
            throw notStored(name, failed);
        }
    }

    private PluginFile put(
            Optional<PluginFile> before, String name, PluginFolder.Arrived arrived, BundleManifest manifest) {
        if (before.isPresent() && isAtWork(before.get(), arrived)) {
            return before.get();
        }
        refuseForeign(name, manifest, before);
        refuseUsed(ADD, name);
        bundles.obstacle(manifest).ifPresent(why -> {
            throw refused(
                    name,
                    "it cannot be resolved: " + why,
                    "Install what it requires first, or one that was made for this server. Nothing was changed.");
        });
        List<String> inUse = before.map(file -> inUse(file.plugins())).orElse(List.of());
        PluginBundles.Moment moment = bundles.now(folder.path(name));
        Optional<Path> earlier = place(name, arrived);
        try {
            Optional<String> why = notAtWork(moment, name, inUse);
            if (why.isPresent()) {
                throw refused(name, why.get(), undone(name, earlier));
            }
            folder.forgetUninstalled(name);
            return find(name).orElseThrow(() -> refused(name, "somebody took it out of the folder", ""));
        } finally {
            earlier.ifPresent(folder::forget);
        }
    }

    /** Whatever happens while it is waited for, the file does not stay unless its bundle is at work. */
    private Optional<String> notAtWork(PluginBundles.Moment before, String name, List<String> inUse) {
        try {
            return bundles.startedSince(before).or(() -> missing(name, inUse));
        } catch (RuntimeException failed) {
            LOG.warn("Could not see what becomes of {}", name, failed);
            return Optional.of("what became of it could not be seen (" + failed + ")");
        }
    }

    private static boolean isAtWork(PluginFile file, PluginFolder.Arrived arrived) {
        return file.sha256().equals(arrived.sha256()) && file.state() == PluginFileState.ACTIVE;
    }

    private void refuseForeign(String name, BundleManifest manifest, Optional<PluginFile> before) {
        bundles.elsewhere(manifest.symbolicName(), folder.path(name)).ifPresent(location -> {
            throw QrmException.conflict(
                    ADD,
                    name,
                    "its bundle " + manifest.symbolicName() + " is there already, from " + Name.printable(location),
                    "Replace that file under its own name, or give the bundle a name of its own.");
        });
        String there = before.map(PluginFile::symbolicName).orElse("");
        if (!there.isEmpty() && !there.equals(manifest.symbolicName())) {
            throw QrmException.conflict(
                    ADD,
                    name,
                    "the file of that name is the bundle " + there + ", this one is " + manifest.symbolicName(),
                    "Choose another name, or remove that file first.");
        }
    }

    private void refuseUsed(String attempted, String name) {
        List<String> users = bundles.users(folder.path(name));
        if (!users.isEmpty()) {
            throw QrmException.conflict(
                    attempted,
                    name,
                    "packages of it are in use by " + String.join(", ", users) + ", which would be restarted",
                    "Remove these first.");
        }
    }

    /** Plug-ins that the new version should bring and does not. */
    private Optional<String> missing(String name, List<String> inUse) {
        List<String> now = bundles.at(folder.path(name)).plugins();
        List<String> gone = inUse.stream().filter(id -> !now.contains(id)).toList();
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of("it no longer brings " + String.join(", ", gone) + ", which is in use");
    }

    private List<String> inUse(List<String> ids) {
        return ids.stream()
                .filter(id -> plugins.find(id).map(PluginDescription::state).orElse(PluginState.AVAILABLE)
                        != PluginState.AVAILABLE)
                .toList();
    }

    private Optional<Path> place(String name, PluginFolder.Arrived arrived) {
        try {
            return folder.place(arrived, name);
        } catch (IOException failed) {
            throw notStored(name, failed);
        }
    }

    /** Makes the folder and the framework as they were; says how far it came. */
    private String undone(String name, Optional<Path> earlier) {
        try {
            return earlier.isPresent() ? putBack(name, earlier.get()) : takenOut(name);
        } catch (IOException failed) {
            LOG.warn("Could not undo that {} was added", name, failed);
            return "The file could not be taken out of QRM_DATA/deploy (" + failed + "); do so by hand.";
        }
    }

    private String putBack(String name, Path earlier) throws IOException {
        PluginBundles.Moment moment = bundles.now(folder.path(name));
        folder.putBack(earlier, name);
        return bundles.startedSince(moment)
                .map(why -> "The earlier file was put back, but its bundle is not at work: " + why + ".")
                .orElse("The earlier file was put back, and is at work.");
    }

    private String takenOut(String name) throws IOException {
        folder.takeOut(name);
        return bundles.gone(folder.path(name))
                ? "The file was taken out again."
                : "The file was taken out again; its bundle is still there, and goes when the server restarts.";
    }

    @Override
    public void remove(String name, Expected<PluginFile> expected) {
        inTurn(REMOVE, PluginFileName.is(name) ? name : "", () -> {
            PluginFile file =
                    find(name).orElseThrow(() -> QrmException.notFound(REMOVE, "plug-in file", Name.printable(name)));
            expected.check(file);
            takeAway(file);
            return null;
        });
    }

    private void takeAway(PluginFile file) {
        List<String> inUse = inUse(file.plugins());
        if (!inUse.isEmpty()) {
            throw QrmException.conflict(
                    REMOVE,
                    file.name(),
                    "its plug-in " + inUse.get(0) + " is "
                            + plugins.find(inUse.get(0))
                                    .map(plugin -> plugin.state().name().toLowerCase(Locale.ROOT))
                                    .orElse("in use"),
                    "Uninstall " + String.join(", ", inUse) + " first.");
        }
        refuseUsed(REMOVE, file.name());
        try {
            folder.takeOut(file.name());
        } catch (IOException failed) {
            throw QrmException.failed(
                    REMOVE, file.name(), failed.toString(), "Look at the permissions of QRM_DATA/deploy.", failed);
        }
        if (!bundles.gone(folder.path(file.name()))) {
            throw new QrmException(new Problem(
                    Problem.Kind.TIMEOUT,
                    REMOVE,
                    file.name(),
                    "the file is gone, but its bundle is still there",
                    "Look into the server's log; the bundle goes when the server restarts, at the latest."));
        }
    }

    private <T> T inTurn(String attempted, String name, Supplier<T> work) {
        boolean mine = false;
        try {
            mine = turn.tryLock(TURN_SECONDS, TimeUnit.SECONDS);
            if (!mine) {
                throw QrmException.conflict(
                        attempted, name, "another file is on its way into or out of the folder", "Try again.");
            }
            return work.get();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw QrmException.conflict(attempted, name, "the server is stopping", "Try again when it is there.");
        } finally {
            if (mine) {
                turn.unlock();
            }
        }
    }

    private static QrmException refused(String name, String reason, String remedy) {
        return QrmException.refused(ADD, name, reason, remedy);
    }

    private static QrmException notStored(String name, IOException failed) {
        return QrmException.failed(
                ADD,
                name,
                "the content broke off or could not be stored (" + failed + ")",
                "Send it again; if it lasts, look for room and permissions below QRM_DATA.",
                failed);
    }
}
