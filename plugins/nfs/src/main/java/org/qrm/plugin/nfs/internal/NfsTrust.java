package org.qrm.plugin.nfs.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.plugin.nfs.internal.StorageHost.Answer;

/**
 * Warns of storage servers whose images are directories of one file system: NFS gives who may use one of its directories all
 * of it. What is known is what the storage servers said since the start, whenever they were checked or an image was opened.
 */
@Component(service = {HealthCheck.class, NfsTrust.class})
public final class NfsTrust implements HealthCheck {

    private static final String CONSEQUENCE =
            "NFS confines nobody to a directory: all machines that use one of them trust"
                    + " each other with all images and all other files of that file system. Give images file systems of their own"
                    + " (qrm nfs confine), see docs/nfs.md.";

    private final StorageServers servers;
    private final Map<String, Long> sharing = new ConcurrentSkipListMap<>();

    @Activate
    public NfsTrust(@Reference StorageServers servers) {
        this.servers = servers;
    }

    /** Takes note of how many images on that server share a file system. */
    void seen(StorageServer server, Answer answer) {
        sharing.put(server.name(), answer.number("sharing"));
    }

    @Override
    public String name() {
        return "nfs";
    }

    @Override
    public HealthResult execute() {
        sharing.keySet().removeIf(name -> servers.find(name).isEmpty());
        List<String> found = sharing.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                .toList();
        return found.isEmpty()
                ? new HealthResult(HealthResult.Status.OK, "No image is known to share a file system.")
                : new HealthResult(
                        HealthResult.Status.WARN,
                        "Images share a file system on " + String.join(", ", found) + ". " + CONSEQUENCE);
    }

    /** The same about one server, or nothing. */
    String warning(StorageServer server) {
        long images = sharing.getOrDefault(server.name(), 0L);
        return images == 0 ? "" : "Images share a file system (" + images + "). " + CONSEQUENCE;
    }
}
