package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;

/** A command that says what a virtual environment is; what is not said stays as it is. */
public abstract class EnvironmentDescribing extends EnvironmentCommand {

    @Option(name = "--boot-image", description = "Name of the boot image.")
    @Completion(BootImageCompleter.class)
    String bootImage;

    @Option(name = "--filesystem-image", description = "Name of the filesystem image.")
    @Completion(FilesystemImageCompleter.class)
    String filesystemImage;

    @Option(name = "--mode", description = "Single-server, or same for all.")
    @Completion(
            value = StringsCompleter.class,
            values = {"single", "multi"})
    String mode;

    @Option(
            name = "--partitioning",
            description = "The plug-in that makes its machine a host of partitions; none for none.")
    @Completion(PluginCompleter.class)
    String partitioning;

    @Option(name = "--runs-on", description = "node, or partition:PLUG-IN.")
    String runsOn;

    @Option(name = "--cpus", description = "CPUs that it needs at least.")
    Integer cpus;

    @Option(name = "--cpu-mhz", description = "MHz of one CPU at least.")
    Integer cpuMhz;

    @Option(name = "--memory-mb", description = "MiB of memory at least.")
    Long memoryMb;

    @Option(name = "--nics", description = "Network cards at least.")
    Integer nics;

    @Option(
            name = "--kernel-argument",
            description = "Added to the kernel's line; can be given again.",
            multiValued = true)
    List<String> kernelArguments;

    @Option(name = "--description", description = "For people.")
    String description;

    final EnvironmentSpec described(EnvironmentSpec before) {
        Requirements needs = before.requirements();
        return new EnvironmentSpec(
                name,
                or(bootImage, before.bootImage()),
                or(filesystemImage, before.filesystemImage()),
                or(constant(EnvironmentMode.class, "--mode", mode), before.mode()),
                "none".equals(partitioning) ? null : or(partitioning, before.partitioning()),
                or(runsOn, before.runsOn()),
                new Requirements(
                        or(cpus, needs.cpus()),
                        or(cpuMhz, needs.cpuMhz()),
                        or(memoryMb, needs.memoryMb()),
                        or(nics, needs.nics())),
                or(kernelArguments, before.kernelArguments()),
                or(description, before.description()));
    }

    final void tell(VirtualEnvironment environment, String what) {
        if (json()) {
            item(View.of(environment));
        }
        say("Virtual environment " + environment.name() + " is " + what + ".");
    }

    private static <T> T or(T given, T before) {
        return given == null ? before : given;
    }
}
