package org.qrm.plugin.nfs.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;

/** Pins the host key that a storage server offers at the first contact, and says so. */
final class HostKeyPins {

    static final int PORT = 22;

    private final RemoteCommands commands;
    private final StorageServers servers;
    private final EventLog events;

    HostKeyPins(RemoteCommands commands, StorageServers servers, EventLog events) {
        this.commands = commands;
        this.servers = servers;
        this.events = events;
    }

    SshHost host(StorageServer server, WorkContext work) {
        String pinned = Optional.ofNullable(server.hostKey())
                .or(() -> servers.find(server.name()).map(StorageServer::hostKey))
                .orElseGet(() -> pinned(server, work));
        return new SshHost(server.managementAddress(), PORT, pinned);
    }

    private String pinned(StorageServer server, WorkContext work) {
        String offered = commands.offeredHostKey(server.managementAddress(), PORT);
        String pinned = servers.pinHostKey(server.name(), offered);
        String text = "First contact with storage server " + server.name() + ": host key " + fingerprint(pinned)
                + " is pinned";
        work.log(text);
        events.record(
                Priority.INFO, NfsPlugin.ID, "storage-server.host-key", "storage-server/" + server.name(), text, null);
        return pinned;
    }

    /** {@code SHA256:…} as {@code ssh-keygen -l} shows it; the key itself if it is not of the form {@code type base64}. */
    static String fingerprint(String key) {
        try {
            byte[] blob = Base64.getDecoder().decode(key.split(" ")[1]);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException | IllegalArgumentException | ArrayIndexOutOfBoundsException odd) {
            return key;
        }
    }
}
