package org.qrm.testkit;

import java.util.List;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.Requirements;
import org.qrm.api.image.BootImage;
import org.qrm.api.resource.Resource;

/** Makes an {@link EnvironmentSpec} for a test, which says only what matters to it. */
public final class Environment {

    private final String name;
    private String bootImage = BootImage.DEFAULT;
    private EnvironmentMode mode = EnvironmentMode.SINGLE;
    private String partitioning;
    private String runsOn = EnvironmentSpec.ON_NODE;
    private Requirements requirements = Requirements.NONE;
    private List<String> arguments = List.of();
    private Healing healing = Healing.NONE;

    private Environment(String name) {
        this.name = name;
    }

    /** A single-server one that boots {@link BootImage#DEFAULT} on any node, from an image of the same name. */
    public static Environment named(String name) {
        return new Environment(name);
    }

    /** What it boots. */
    public Environment booting(String newBootImage) {
        bootImage = newBootImage;
        return this;
    }

    /** How many machines share its image. */
    public Environment in(EnvironmentMode newMode) {
        mode = newMode;
        return this;
    }

    /** Its machine becomes a host of that plug-in's partitions. */
    public Environment partitioning(String plugin) {
        partitioning = plugin;
        return this;
    }

    /** It runs on partitions of that plug-in. */
    public Environment onPartitionsOf(String plugin) {
        runsOn = EnvironmentSpec.ON_PARTITION + plugin;
        return this;
    }

    /** What a machine must have at least. */
    public Environment needing(Requirements newRequirements) {
        requirements = newRequirements;
        return this;
    }

    /** What is added to the kernel's line. */
    public Environment withArguments(String... newArguments) {
        arguments = List.of(newArguments);
        return this;
    }

    /** What becomes of it when its machine is lost. */
    public Environment healedBy(HealMode healMode) {
        healing = new Healing(healMode, Healing.USUAL_ATTEMPTS, 0, List.of());
        return this;
    }

    /** It. */
    public EnvironmentSpec spec() {
        return new EnvironmentSpec(
                name, bootImage, name, mode, partitioning, runsOn, requirements, arguments, "", healing);
    }

    /** That machine bound to it. */
    public Assignment on(Resource machine) {
        return new Assignment(machine, spec());
    }
}
