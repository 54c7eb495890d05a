package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Name;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.Requirements;
import org.qrm.api.image.BootImage;
import org.qrm.commands.About;

/** A virtual environment as it is asked for. */
record EnvironmentRequest(
        @About(value = "its name, unique; in the path when it is changed", optional = true, most = 63)
        String name,

        @About(value = "name of the boot image; \"default\" unless given", optional = true, most = 63)
        String bootImage,

        @About(value = "name of the filesystem image", most = 63)
        String filesystemImage,

        @About(value = "single unless given", optional = true)
        EnvironmentMode mode,

        @About(value = "the plug-in that makes its machine a host of partitions", optional = true, most = 63)
        String partitioning,

        @About(value = "node unless given; partition:<plug-in>, or any for whatever fits", optional = true, most = 80)
        String runsOn,

        @About(value = "what a machine must have at least", optional = true)
        RequirementsRequest requirements,

        @About(
                value =
                        "added to the kernel's line, one argument each, 900 octets together; blanks in double quotes, as in"
                                + " a=\"b c\". Whoever is on the machines' network can read them: secrets are set as secret arguments",
                optional = true,
                most = 64)
        List<String> kernelArguments,

        @About(value = "for people", optional = true) String description,

        @About(
                value =
                        "what becomes of it when a machine of it is lost; none unless given: it stays in error until a person comes."
                                + " restart: the machine is fenced, and it starts on another one",
                optional = true)
        HealMode heal,

        @About(
                value =
                        "starts on other machines, one after the other, before a person is asked: 1 to 10, 3 unless given",
                optional = true)
        Integer healAttempts,

        @About(
                value =
                        "seconds that a silence is borne beyond the time after which a machine counts as lost: 0 to 86400, 0 unless given",
                optional = true)
        Integer healAfter,

        @About(
                value =
                        "tags that a machine has that is taken instead, besides those that it needs; any that fits unless given",
                optional = true,
                most = 32)
        List<String> healTags) {

    record RequirementsRequest(
            @About(value = "logical CPUs", optional = true) Integer cpus,

            @About(value = "MHz of one CPU", optional = true)
            Integer cpuMhz,

            @About(value = "MiB", optional = true) Long memoryMb,
            @About(value = "network cards", optional = true) Integer nics,

            @About(value = "GB (10^9 octets) of one local disk", optional = true)
            Integer diskGb,

            @About(value = "graphics processors", optional = true)
            Integer gpus,

            @About(value = "tags that it has: gpu, rack=7, or rack for any value of it", optional = true, most = 32)
            List<String> tags,

            @About(
                    value =
                            "for each, text in the kind, model or serial number of a device that it has: A100, tpm, or leaf01"
                                    + " for a switch that it is plugged into",
                    optional = true,
                    most = Requirements.MOST_DEVICES)
            List<String> devices) {
        Requirements requirements() {
            return new Requirements(
                    or(cpus, 0),
                    or(cpuMhz, 0),
                    or(memoryMb, 0L),
                    or(nics, 0),
                    or(diskGb, 0),
                    or(gpus, 0),
                    Tag.parse("set requirements", or(tags, List.of())),
                    or(devices, List.of()));
        }
    }

    EnvironmentSpec spec() {
        return called(name);
    }

    /** The name in the path counts; one in the body must be the same. */
    EnvironmentSpec spec(String nameInPath) {
        SameName.check("change virtual environment", Name.printable(nameInPath), name);
        return called(nameInPath);
    }

    private EnvironmentSpec called(String itsName) {
        Name.checked("describe virtual environment", "virtual environment", itsName);
        return new EnvironmentSpec(
                itsName,
                or(bootImage, BootImage.DEFAULT),
                filesystemImage,
                or(mode, EnvironmentMode.SINGLE),
                partitioning,
                or(runsOn, EnvironmentSpec.ON_NODE),
                requirements == null ? Requirements.NONE : requirements.requirements(),
                or(kernelArguments, List.of()),
                or(description, ""),
                new Healing(
                        or(heal, HealMode.NONE),
                        or(healAttempts, Healing.USUAL_ATTEMPTS),
                        or(healAfter, 0),
                        Tag.parse("set healing", or(healTags, List.of()))));
    }

    private static <T> T or(T given, T usual) {
        return Objects.requireNonNullElse(given, usual);
    }
}
