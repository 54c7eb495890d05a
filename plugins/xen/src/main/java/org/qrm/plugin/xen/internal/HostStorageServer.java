package org.qrm.plugin.xen.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;

/**
 * The storage server that the host image lies on. A file below QRM_DATA remembers that this plug-in made it, so that
 * nobody else's is ever removed.
 */
final class HostStorageServer {

    private final StorageServers servers;
    private final Path record;

    /** @param data QRM_DATA */
    HostStorageServer(StorageServers servers, Path data) {
        this.servers = servers;
        this.record = data.resolve("xen").resolve("storage-server");
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
        servers.create(settings.storageServer(null));
        work.log("Storage server " + name + " is created");
        return true;
    }

    /** Removes it if this plug-in made it and nobody else has an image on it. */
    void removeOwn(WorkContext work) {
        String name = remembered();
        if (!name.isEmpty() && servers.find(name).isPresent()) {
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
        forget();
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

    private void remember(String name) {
        try {
            Files.createDirectories(record.getParent());
            Files.writeString(record, name);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + record, failed);
        }
    }

    private String remembered() {
        try {
            return Files.exists(record) ? Files.readString(record) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + record, failed);
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(record);
            Files.deleteIfExists(record.getParent());
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove " + record, failed);
        }
    }
}
