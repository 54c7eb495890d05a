package org.qrm.api.environment;

import java.util.List;
import java.util.Objects;

/**
 * What an administrator decides about a virtual environment.
 *
 * @param name unique, never changed
 * @param bootImage name of the boot image
 * @param filesystemImage name of the filesystem image
 * @param mode single-server, or multi-server
 * @param partitioning the plug-in that makes its machine a host of partitions, or null
 * @param runsOn {@code node}, {@code partition:<plug-in>}, or {@code any}
 * @param requirements what a machine must have at least
 * @param kernelArguments added to the kernel's line, one {@link org.qrm.api.boot.KernelArgument} each; public, see
 *     {@link VirtualEnvironments#setSecretArgument} for what is not
 * @param description for people, may be empty
 * @param healing what becomes of it when a machine of it is lost
 */
public record EnvironmentSpec(
        String name,
        String bootImage,
        String filesystemImage,
        EnvironmentMode mode,
        String partitioning,
        String runsOn,
        Requirements requirements,
        List<String> kernelArguments,
        String description,
        Healing healing) {

    /** It runs on nodes. */
    public static final String ON_NODE = "node";

    /** It runs on partitions of the plug-in whose name follows. */
    public static final String ON_PARTITION = "partition:";

    /** It runs on whatever fits, nodes and partitions alike. */
    public static final String ON_ANY = "any";

    public EnvironmentSpec {
        Objects.requireNonNull(name);
        Objects.requireNonNull(bootImage);
        Objects.requireNonNull(filesystemImage);
        Objects.requireNonNull(mode);
        Objects.requireNonNull(runsOn);
        Objects.requireNonNull(requirements);
        kernelArguments = List.copyOf(kernelArguments);
        Objects.requireNonNull(description);
        Objects.requireNonNull(healing);
    }

    /** One that is not healed. */
    public EnvironmentSpec(
            String name,
            String bootImage,
            String filesystemImage,
            EnvironmentMode mode,
            String partitioning,
            String runsOn,
            Requirements requirements,
            List<String> kernelArguments,
            String description) {
        this(
                name,
                bootImage,
                filesystemImage,
                mode,
                partitioning,
                runsOn,
                requirements,
                kernelArguments,
                description,
                Healing.NONE);
    }

    /** The same with other requirements. */
    public EnvironmentSpec needing(Requirements others) {
        return new EnvironmentSpec(
                name,
                bootImage,
                filesystemImage,
                mode,
                partitioning,
                runsOn,
                others,
                kernelArguments,
                description,
                healing);
    }

    /** The same, healed otherwise. */
    public EnvironmentSpec healed(Healing other) {
        return new EnvironmentSpec(
                name,
                bootImage,
                filesystemImage,
                mode,
                partitioning,
                runsOn,
                requirements,
                kernelArguments,
                description,
                other);
    }
}
