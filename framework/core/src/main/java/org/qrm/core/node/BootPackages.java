package org.qrm.core.node;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.node.Instruction.BootServicePackage;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.resource.ResourceRow;

/** The packages that plug-ins bring to machines while they boot. */
final class BootPackages {

    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private final Supplier<List<BootService>> services;
    private final VirtualEnvironments environments;
    private final Map<BootService, String> digests = Collections.synchronizedMap(new WeakHashMap<>());

    BootPackages(Supplier<List<BootService>> services, VirtualEnvironments environments) {
        this.services = services;
        this.environments = environments;
    }

    /** What a machine so assigned fetches. */
    List<BootServicePackage> of(ResourceRow row, AssignmentRow assignment) {
        List<BootServicePackage> packages = new ArrayList<>();
        for (BootService service : applying(row, assignment)) {
            packages.add(new BootServicePackage(service.plugin(), digests.computeIfAbsent(service, this::digest)));
        }
        return packages;
    }

    /** @throws QrmException NOT_FOUND unless the machine is to have it */
    InputStream open(ResourceRow row, AssignmentRow assignment, String plugin) throws IOException {
        return applying(row, assignment).stream()
                .filter(service -> service.plugin().equals(plugin))
                .findFirst()
                .orElseThrow(() -> QrmException.notFound("fetch boot service", "boot service of this machine", plugin))
                .open();
    }

    private List<BootService> applying(ResourceRow row, AssignmentRow assignment) {
        List<BootService> all = services.get();
        if (all.isEmpty() || assignment == null) {
            return List.of();
        }
        return environments
                .find(assignment.environment())
                .map(environment -> new Assignment(row.resource(), environment.spec()))
                .map(bound ->
                        all.stream().filter(service -> service.appliesTo(bound)).toList())
                .orElse(List.of());
    }

    private String digest(BootService service) {
        try (InputStream in = service.open()) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            long size = new DigestInputStream(in, sha256).transferTo(java.io.OutputStream.nullOutputStream());
            if (size > MOST_BYTES) {
                throw QrmException.failed(
                        "offer boot service", service.plugin(), "it is larger than 64 MiB", "Make it smaller.", null);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException | NoSuchAlgorithmException unreadable) {
            throw QrmException.failed(
                    "offer boot service", service.plugin(), unreadable.toString(), "Update the plug-in.", unreadable);
        }
    }
}
