package org.qrm.api.node;

import java.util.List;
import org.qrm.api.storage.Mount;

/** What a machine is to do now. */
public sealed interface Instruction {

    /** Stay in the idle environment and report. */
    record Idle() implements Instruction {}

    /** Nothing new. */
    record Continue() implements Instruction {}

    /** Restart. */
    record Reboot() implements Instruction {}

    /** Shut down and switch off. */
    record PowerOff() implements Instruction {}

    /** Start from the local disk. */
    record LocalBoot() implements Instruction {}

    /**
     * Start the assigned image.
     *
     * @param environment name of the virtual environment
     * @param hostname host name to set
     * @param mount what to mount
     * @param overlay mount read-only, with a layer in memory on top
     * @param bootServices packages to fetch before the hand-over
     * @param secretArguments {@code name=value} each: of the environment, and of plug-ins
     */
    record StartImage(
            String environment,
            String hostname,
            Mount mount,
            boolean overlay,
            List<BootServicePackage> bootServices,
            List<String> secretArguments)
            implements Instruction {
        public StartImage {
            bootServices = List.copyOf(bootServices);
            secretArguments = List.copyOf(secretArguments);
        }

        /** Without secret arguments. */
        public StartImage(
                String environment,
                String hostname,
                Mount mount,
                boolean overlay,
                List<BootServicePackage> bootServices) {
            this(environment, hostname, mount, overlay, bootServices, List.of());
        }

        /** The same, with these secret arguments. */
        public StartImage telling(List<String> secrets) {
            return new StartImage(environment, hostname, mount, overlay, bootServices, secrets);
        }

        /** Leaves the secrets out. */
        @Override
        public String toString() {
            return "StartImage[environment=" + environment + ", mount=" + mount + "]";
        }
    }

    /**
     * A package to fetch.
     *
     * @param plugin id of the plug-in whose it is
     * @param sha256 digest of the tar.gz, 64 lower-case hexadecimal digits
     */
    record BootServicePackage(String plugin, String sha256) {}
}
