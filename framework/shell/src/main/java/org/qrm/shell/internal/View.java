package org.qrm.shell.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditVerification;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Event;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.LoadSample;
import org.qrm.api.resource.Resource;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Token;
import org.qrm.api.user.User;

/** Things as they are shown: their fields by name, with the names of the REST interface. */
final class View {

    private View() {}

    static Map<String, Object> of(LoadSample sample) {
        return fields("minute", sample.minute(), "load", sample.load());
    }

    static Map<String, Object> of(Resource resource) {
        return fields(
                "id", resource.id(),
                "mac", resource.mac().value(),
                "name", resource.name(),
                "kind", resource.kind(),
                "state", resource.state(),
                "reason", resource.reason(),
                "hostId", resource.hostId(),
                "partitionOf", resource.partitionOf(),
                "cpus", resource.hardware().cpus(),
                "cpuMhz", resource.hardware().cpuMhz(),
                "memoryMb", resource.hardware().memoryMb(),
                "nics",
                        resource.hardware().nics().stream()
                                .map(nic -> fields(
                                        "mac", nic.mac().value(),
                                        "name", nic.name(),
                                        "driver", nic.driver(),
                                        "speedMbit", nic.speedMbit()))
                                .toList(),
                "details", resource.hardware().details(),
                "address", resource.address(),
                "environmentId", resource.environmentId(),
                "load", resource.load(),
                "lastSeen", resource.lastSeen(),
                "version", resource.version());
    }

    static Map<String, Object> of(User user) {
        return fields("name", user.name(), "role", user.role());
    }

    static Map<String, Object> of(Token token) {
        return fields(
                "id", token.id(),
                "name", token.name(),
                "user", token.user(),
                "role", token.role(),
                "created", token.created(),
                "expires", token.expires());
    }

    static Map<String, Object> of(NewToken made) {
        return fields("token", of(made.token()), "secret", made.secret());
    }

    static Map<String, Object> of(AuditEntry entry) {
        return fields(
                "id", entry.id(),
                "time", entry.time(),
                "user", entry.user(),
                "origin", entry.origin(),
                "action", entry.action(),
                "details", entry.details(),
                "result", entry.result(),
                "hash", entry.hash());
    }

    static Map<String, Object> of(AuditVerification found) {
        return fields(
                "ok", found.firstBroken() == null,
                "entries", found.entries(),
                "firstBroken", found.firstBroken(),
                "reason", found.reason());
    }

    static Map<String, Object> of(Partition partition) {
        return fields(
                "id", partition.id(),
                "name", partition.name(),
                "mac", partition.mac().value(),
                "hostId", partition.hostId(),
                "plugin", partition.plugin(),
                "cpus", partition.size().cpus(),
                "cpuMhz", partition.size().cpuMhz(),
                "memoryMb", partition.size().memoryMb(),
                "pinnedCpus", partition.pinnedCpus(),
                "state", partition.state(),
                "reason", partition.reason());
    }

    static Map<String, Object> of(HostCapacity capacity) {
        return fields(
                "cpus", capacity.cpus(),
                "cpuMhz", capacity.cpuMhz(),
                "memoryMb", capacity.memoryMb(),
                "memoryReservedMb", capacity.memoryReservedMb(),
                "memoryFreeMb", capacity.memoryFreeMb(),
                "overheadMb", capacity.overheadMb());
    }

    static Map<String, Object> of(VirtualEnvironment environment) {
        EnvironmentSpec spec = environment.spec();
        Requirements needs = spec.requirements();
        return fields(
                "name", spec.name(),
                "bootImage", spec.bootImage(),
                "filesystemImage", spec.filesystemImage(),
                "mode", spec.mode(),
                "partitioning", spec.partitioning(),
                "runsOn", spec.runsOn(),
                "requirements",
                        fields(
                                "cpus", needs.cpus(),
                                "cpuMhz", needs.cpuMhz(),
                                "memoryMb", needs.memoryMb(),
                                "nics", needs.nics()),
                "kernelArguments", spec.kernelArguments(),
                "description", spec.description(),
                "state", environment.state(),
                "reason", environment.reason(),
                "resources", environment.resources(),
                "version", environment.version());
    }

    static Map<String, Object> of(Placement placement) {
        return fields(
                "possible", placement.possible(),
                "chosen", placement.chosen(),
                "candidates", placement.candidates().stream().map(View::of).toList());
    }

    static Map<String, Object> of(Placement.Candidate candidate) {
        return fields(
                "resource", candidate.resource(),
                "name", candidate.name(),
                "fits", candidate.fits(),
                "reasons", candidate.reasons());
    }

    static Map<String, Object> of(BootImage image) {
        return fields(
                "name", image.name(),
                "loader", image.loader(),
                "files",
                        image.files().stream()
                                .map(file -> fields(
                                        "name", file.name(),
                                        "role", file.role(),
                                        "size", file.size(),
                                        "sha256", file.sha256()))
                                .toList(),
                "plugin", image.plugin(),
                "description", image.description());
    }

    static Map<String, Object> of(FilesystemImage image) {
        return fields(
                "name", image.name(),
                "storageServer", image.storageServer(),
                "path", image.path(),
                "state", image.state(),
                "reason", image.reason(),
                "sizeBytes", image.sizeBytes(),
                "plugin", image.plugin(),
                "description", image.description());
    }

    static Map<String, Object> of(StorageServer server) {
        return fields(
                "name", server.name(),
                "type", server.type(),
                "address", server.address(),
                "managementAddress", server.managementAddress(),
                "exportRoot", server.exportRoot(),
                "hostKey", server.hostKey());
    }

    static Map<String, Object> of(StorageFacts facts) {
        return fields("implementation", facts.implementation(), "freeBytes", facts.freeBytes());
    }

    static Map<String, Object> of(PluginFile file) {
        return fields(
                "name", file.name(),
                "sizeBytes", file.sizeBytes(),
                "sha256", file.sha256(),
                "symbolicName", file.symbolicName(),
                "version", file.version(),
                "state", file.state(),
                "reason", file.reason(),
                "plugins", file.plugins());
    }

    static Map<String, Object> of(PluginDescription plugin) {
        return fields(
                "id", plugin.id(),
                "description", plugin.description(),
                "version", plugin.version(),
                "state", plugin.state(),
                "present", plugin.present(),
                "configurable", plugin.configurable(),
                "actions", plugin.actions());
    }

    static Map<String, Object> of(Question question, String answer) {
        return fields(
                "name", question.name(),
                "text", question.text(),
                "type", question.type(),
                "defaultAnswer", question.defaultAnswer(),
                "required", question.required(),
                "choices", question.choices(),
                "answer", answer);
    }

    static Map<String, Object> of(Operation operation) {
        return fields(
                "id", operation.id(),
                "kind", operation.kind(),
                "subject", operation.subject(),
                "state", operation.state(),
                "progress", operation.progress(),
                "steps",
                        operation.steps().stream()
                                .map(step -> fields("name", step.name(), "state", step.state()))
                                .toList(),
                "reason", operation.reason(),
                "cancelRequested", operation.cancelRequested(),
                "created", operation.created(),
                "started", operation.started(),
                "finished", operation.finished());
    }

    static Map<String, Object> of(Operation operation, List<LogLine> log) {
        Map<String, Object> view = of(operation);
        view.put(
                "log",
                log.stream()
                        .map(line -> fields("time", line.time(), "text", line.text()))
                        .toList());
        return view;
    }

    static Map<String, Object> of(Event event) {
        return fields(
                "id", event.id(),
                "time", event.time(),
                "priority", event.priority(),
                "source", event.source(),
                "type", event.type(),
                "subject", event.subject(),
                "description", event.description(),
                "resource", event.resource(),
                "acknowledged", event.acknowledged(),
                "resolved", event.resolved());
    }

    /** How many are in each state; states without any are left out. */
    static Map<String, Object> counts(Map<? extends Enum<?>, Long> byState) {
        Map<String, Object> counts = new TreeMap<>();
        byState.forEach((state, count) ->
                counts.put(state.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        return counts;
    }

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
