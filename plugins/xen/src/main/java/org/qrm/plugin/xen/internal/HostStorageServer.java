package org.qrm.plugin.xen.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;

/**
 * The storage server that the host image lies on. A file below QRM_DATA remembers those that this plug-in made, one a
 * line, so that nobody else's is ever removed.
 */
final class HostStorageServer {

    private final StorageServers servers;
    private final Path record;

    /** @param data QRM_DATA */
    HostStorageServer(StorageServers servers, Path data) {
        this.servers = servers;
        this.record = data.resolve("xen").resolve("storage-servers");
    }

    /**
     * Makes it unless it is there with the same facts.
     *
     * @return whether this call made it
     * @throws QrmException CONFLICT when it is there with others
     */
    boolean ensure(XenSettings settings, WorkContext work) {
        String name = settings.storageServerName();
        Optional<StorageServer> before = servers.find(name);
        if (before.isPresent()) {
            String difference = difference(before.get(), settings);
            if (!difference.isEmpty()) {
                throw QrmException.conflict(
                        "create storage server",
                        name,
                        "there is one of that name with " + difference,
                        "Answer the wizard with its facts, or with another name.");
            }
            work.log("Storage server " + name + " is there; it is used");
            return false;
        }
        remember(name);
        try {
            servers.create(settings.storageServer(null));
        } catch (RuntimeException failed) {
            Quietly.run(() -> forget(name));
            throw failed;
        }
        work.log("Storage server " + name + " is created");
        return true;
    }

    /** Removes all that this plug-in made. One that others have images on stays, and is theirs from then on. */
    void removeOwn(WorkContext work) {
        for (String name : remembered()) {
            if (servers.find(name).isPresent()) {
                remove(name, work);
            }
            forget(name);
        }
    }

    private void remove(String name, WorkContext work) {
        try {
            servers.delete(name);
            work.log("Storage server " + name + " is deleted");
        } catch (QrmException inUse) {
            if (inUse.problem().kind() != Problem.Kind.CONFLICT) {
                throw inUse;
            }
            work.log("Storage server " + name + " stays: " + inUse.problem().reason());
        }
    }

    /** Takes back what {@link #ensure} made, in this call or an earlier one. */
    void undo(String name) {
        if (remembered().contains(name)) {
            servers.delete(name);
            forget(name);
        }
    }

    /** How a storage server differs from what was answered; empty if it does not. */
    static String difference(StorageServer there, XenSettings settings) {
        List<String> all = new ArrayList<>();
        compare(all, "type", there.type(), settings.storageServerType());
        compare(all, "address", there.address(), settings.storageServerAddress());
        compare(all, "management address", there.managementAddress(), settings.storageServerManagementAddress());
        compare(all, "export root", there.exportRoot(), settings.exportRoot());
        return String.join(", ", all);
    }

    private static void compare(List<String> all, String what, String is, String wanted) {
        if (!is.equals(wanted)) {
            all.add(what + " " + is + " instead of " + wanted);
        }
    }

    private List<String> remembered() {
        try {
            return Files.exists(record) ? Files.readAllLines(record) : List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + record, failed);
        }
    }

    private void remember(String name) {
        List<String> names = new ArrayList<>(remembered());
        if (!names.contains(name)) {
            names.add(name);
        }
        write(names);
    }

    private void forget(String name) {
        List<String> names = new ArrayList<>(remembered());
        names.remove(name);
        write(names);
    }

    private void write(List<String> names) {
        try {
            if (names.isEmpty()) {
                Files.deleteIfExists(record);
                Files.deleteIfExists(record.getParent());
                return;
            }
            Files.createDirectories(record.getParent());
            Path next = record.resolveSibling(record.getFileName() + ".new");
            Files.write(next, names);
            Files.move(next, record, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + record, failed);
        }
    }
}
