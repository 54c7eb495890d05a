package org.qrm.core.node;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.node.Instruction.BootServicePackage;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.resource.ResourceRow;

/** The packages that plug-ins bring to machines while they boot. */
final class BootPackages {

    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private final Supplier<List<BootService>> services;
    private final VirtualEnvironments environments;
    private final PluginCalls calls;
    private final Duration limit;
    private final Whiteboard.Refusals faults;
    private final Map<BootService, String> digests = Collections.synchronizedMap(new WeakHashMap<>());

    BootPackages(
            Supplier<List<BootService>> services,
            VirtualEnvironments environments,
            PluginCalls calls,
            Duration limit,
            Whiteboard.Refusals faults) {
        this.services = services;
        this.environments = environments;
        this.calls = calls;
        this.limit = limit;
        this.faults = faults;
    }

    /** What a machine so assigned fetches. */
    List<BootServicePackage> of(ResourceRow row, AssignmentRow assignment) {
        List<BootServicePackage> packages = new ArrayList<>();
        for (BootService service : applying(row, assignment)) {
            String plugin = service.plugin();
            packages.add(new BootServicePackage(plugin, digestOnce(service, plugin)));
        }
        return packages;
    }

    /** @throws QrmException NOT_FOUND unless the machine is to have it */
    InputStream open(ResourceRow row, AssignmentRow assignment, String plugin) throws IOException {
        BootService found = applying(row, assignment).stream()
                .filter(service -> service.plugin().equals(plugin))
                .findFirst()
                .orElseThrow(() -> QrmException.notFound("fetch boot service", "boot service of this machine", plugin));
        return call(found, found::open);
    }

    private List<BootService> applying(ResourceRow row, AssignmentRow assignment) {
        List<BootService> all = services.get();
        if (all.isEmpty() || assignment == null || !row.admitted()) {
            return List.of();
        }
        return environments
                .find(assignment.environment())
                .map(environment -> new Assignment(row.resource(), environment.spec()))
                .map(bound ->
                        all.stream().filter(service -> applies(service, bound)).toList())
                .orElse(List.of());
    }

    /**
     * One that does not answer is left out, since it is asked for every machine; but not of a host of its own plug-in, which
     * would be without its tools: that one has to wait until it answers.
     */
    private boolean applies(BootService service, Assignment bound) {
        try {
            boolean applies = call(service, () -> service.appliesTo(bound));
            faults.over(service);
            return applies;
        } catch (RuntimeException failed) {
            faults.refused(service, "appliesTo() of " + bound.resource().name() + ": " + failed.getMessage());
            if (service.plugin().equals(bound.environment().partitioning())) {
                throw failed;
            }
            return false;
        }
    }

    /** Plug-ins are called with a limit, and nobody waits for another's call. */
    private <T> T call(BootService service, Callable<T> body) {
        return calls.call(service, "boot service of " + service.plugin(), limit, null, body);
    }

    private String digestOnce(BootService service, String plugin) {
        String known = digests.get(service);
        if (known == null) {
            known = call(service, () -> digest(service, plugin));
            digests.put(service, known);
        }
        return known;
    }

    private static String digest(BootService service, String plugin) {
        try (InputStream in = service.open()) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            long size = new DigestInputStream(in, sha256).transferTo(java.io.OutputStream.nullOutputStream());
            if (size > MOST_BYTES) {
                throw QrmException.failed(
                        "offer boot service", plugin, "it is larger than 64 MiB", "Make it smaller.", null);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException | NoSuchAlgorithmException unreadable) {
            throw QrmException.failed(
                    "offer boot service", plugin, unreadable.toString(), "Update the plug-in.", unreadable);
        }
    }
}
