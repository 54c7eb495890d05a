package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.commands.About;
import org.qrm.commands.Restless;

/** A virtual environment as it is answered. */
record EnvironmentView(
        @About("its name, unique, never changed") String name,
        @About("name of the boot image") String bootImage,
        @About("name of the filesystem image") String filesystemImage,

        @About("single-server, or multi-server (same for all)")
        EnvironmentMode mode,

        @About(value = "the plug-in that makes its machine a host of partitions", optional = true)
        String partitioning,

        @About("node, partition:<plug-in>, or any") String runsOn,
        @About("what a machine must have at least") RequirementsView requirements,
        @About("added to the kernel's line, public") List<String> kernelArguments,

        @About("names of the secret arguments that are set; nobody is told their values again")
        List<String> secretArguments,

        @About("for people, may be empty") String description,

        @About("whom it belongs to, empty when nobody said") String owner,

        @About(value = "what others should know of it, Markdown; empty for none, null in lists", optional = true)
        String note,

        @About("what becomes of it when a machine of it is lost")
        HealMode heal,

        @About("starts on other machines before a person is asked")
        int healAttempts,

        @About("seconds that a silence is borne beyond the time after which a machine counts as lost")
        int healAfter,

        @About("tags that a machine has that is taken instead")
        List<String> healTags,

        @About("where it stands") EnvironmentState state,
        @About("why it is in error, else empty") String reason,
        @About("numbers of the machines bound to it") List<Long> resources,
        @About("counts changes") long version)
        implements Restless {

    @Override
    public Object calm() {
        return new EnvironmentView(
                name,
                bootImage,
                filesystemImage,
                mode,
                partitioning,
                runsOn,
                requirements,
                kernelArguments,
                List.of(),
                description,
                owner,
                note,
                heal,
                healAttempts,
                healAfter,
                healTags,
                null,
                "",
                List.of(),
                0);
    }

    record RequirementsView(
            @About("logical CPUs, 0 for any") int cpus,
            @About("MHz of one CPU, 0 for any") int cpuMhz,
            @About("MiB, 0 for any") long memoryMb,
            @About("network cards, 0 for any") int nics,

            @About("GB (10^9 octets) of one local disk, 0 for any")
            int diskGb,

            @About("graphics processors, 0 for any") int gpus,
            @About("tags that it has") List<String> tags,

            @About("for each, text in the kind, model or serial number of a device that it has")
            List<String> devices) {
        static RequirementsView of(Requirements requirements) {
            return new RequirementsView(
                    requirements.cpus(),
                    requirements.cpuMhz(),
                    requirements.memoryMb(),
                    requirements.nics(),
                    requirements.diskGb(),
                    requirements.gpus(),
                    requirements.tags().stream().map(Tag::toString).toList(),
                    requirements.devices());
        }
    }

    static EnvironmentView of(VirtualEnvironment environment) {
        EnvironmentSpec spec = environment.spec();
        return new EnvironmentView(
                spec.name(),
                spec.bootImage(),
                spec.filesystemImage(),
                spec.mode(),
                spec.partitioning(),
                spec.runsOn(),
                RequirementsView.of(spec.requirements()),
                spec.kernelArguments(),
                environment.secretArguments(),
                spec.description(),
                environment.remark().owner(),
                environment.remark().note(),
                spec.healing().mode(),
                spec.healing().attempts(),
                spec.healing().afterSeconds(),
                spec.healing().tags().stream().map(Tag::toString).toList(),
                environment.state(),
                environment.reason(),
                environment.resources(),
                environment.version());
    }
}
