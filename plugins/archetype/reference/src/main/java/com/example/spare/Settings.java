package com.example.spare;

import java.util.Map;
import java.util.Optional;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Resource;

/**
 * What the wizard was told, and what follows from it.
 *
 * @param spareMemoryMb MiB that a machine may have beyond what its environment asks for
 * @param priority of the event that tells of more
 */
record Settings(long spareMemoryMb, Priority priority) {

    static final String SPARE_MEMORY = "spareMemoryMb";
    static final String DEFAULT_SPARE_MEMORY = "4096";
    static final String PRIORITY = "priority";
    static final String DEFAULT_PRIORITY = "WARNING";

    /** A question that an update of the plug-in has added is not answered yet. */
    static Settings of(Map<String, String> answers) {
        return new Settings(
                Long.parseLong(answers.getOrDefault(SPARE_MEMORY, DEFAULT_SPARE_MEMORY)),
                Priority.valueOf(answers.getOrDefault(PRIORITY, DEFAULT_PRIORITY)));
    }

    /** What there is to say about an environment on that machine; nothing when it does not say what it needs. */
    Optional<String> remark(Resource machine, EnvironmentSpec environment) {
        long needed = environment.requirements().memoryMb();
        long spare = machine.hardware().memoryMb() - needed;
        if (needed == 0 || spare <= spareMemoryMb) {
            return Optional.empty();
        }
        return Optional.of(environment.name() + " asks for " + needed + " MiB and runs on " + machine.name()
                + ", which has " + spare + " MiB more.");
    }
}
