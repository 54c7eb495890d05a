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
     */
    record StartImage(
            String environment, String hostname, Mount mount, boolean overlay, List<BootServicePackage> bootServices)
            implements Instruction {
        public StartImage {
            bootServices = List.copyOf(bootServices);
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
