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
 * @param runsOn {@code node}, or {@code partition:<plug-in>}
 * @param requirements what a machine must have at least
 * @param kernelArguments added to the kernel's line, one {@link org.qrm.api.boot.KernelArgument} each; public, see
 *     {@link VirtualEnvironments#setSecretArgument} for what is not
 * @param description for people, may be empty
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
        String description) {

    /** It runs on nodes. */
    public static final String ON_NODE = "node";

    /** It runs on partitions of the plug-in whose name follows. */
    public static final String ON_PARTITION = "partition:";

    public EnvironmentSpec {
        Objects.requireNonNull(name);
        Objects.requireNonNull(bootImage);
        Objects.requireNonNull(filesystemImage);
        Objects.requireNonNull(mode);
        Objects.requireNonNull(runsOn);
        Objects.requireNonNull(requirements);
        kernelArguments = List.copyOf(kernelArguments);
        Objects.requireNonNull(description);
    }
}
