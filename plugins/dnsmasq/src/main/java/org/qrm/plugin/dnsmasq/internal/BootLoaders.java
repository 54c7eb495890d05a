package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The boot loaders that TFTP hands out: copied from the distribution's {@code boot/tftp}, or else from Debian's packages, to
 * a directory of the plug-in's own, so that nothing else can be fetched.
 *
 * @param directory what TFTP serves
 * @param efi whether there is a loader for UEFI machines
 */
record BootLoaders(Path directory, boolean efi) {

    /** For BIOS machines: PXELINUX with HTTP. */
    static final String BIOS = "lpxelinux.0";

    /** For UEFI machines: GRUB with HTTP. */
    static final String EFI = "grubnet.efi";

    // what lpxelinux.0 loads before it knows that there is HTTP
    private static final String BIOS_CORE = "ldlinux.c32";
    private static final List<Path> PACKAGES =
            List.of(Path.of("/usr/lib/PXELINUX"), Path.of("/usr/lib/syslinux/modules/bios"));

    /**
     * Copies the loaders.
     *
     * @param shipped the distribution's {@code boot/tftp}
     * @param directory to copy to
     * @throws org.qrm.api.QrmException REFUSED when the loader for BIOS machines is missing
     */
    static BootLoaders copied(Path shipped, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String name : List.of(BIOS, BIOS_CORE)) {
            copy(find(shipped, name).orElseThrow(() -> missing(shipped, name)), directory.resolve(name));
        }
        Optional<Path> efi = find(shipped, EFI);
        if (efi.isPresent()) {
            copy(efi.get(), directory.resolve(EFI));
        } else {
            Files.deleteIfExists(directory.resolve(EFI));
        }
        return new BootLoaders(directory, efi.isPresent());
    }

    private static Optional<Path> find(Path shipped, String name) {
        Path first = shipped.resolve(name);
        if (Files.isReadable(first)) {
            return Optional.of(first);
        }
        return PACKAGES.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isReadable)
                .findFirst();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static RuntimeException missing(Path shipped, String name) {
        return Launcher.refusal(
                "the boot loader " + name + " is neither in " + shipped + " nor in "
                        + String.join(
                                ", ", PACKAGES.stream().map(Path::toString).toList()),
                "Install it: apt-get install pxelinux syslinux-common");
    }
}
