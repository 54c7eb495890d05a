package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.image.BootFile;

/**
 * The boot loaders that TFTP hands out: those of the distribution's {@code boot/tftp}, or else of Debian's packages, copied to a
 * directory of the plug-in's own, so that nothing else can be fetched.
 *
 * @param directory what TFTP serves
 * @param efi whether there is a loader for UEFI machines
 */
record BootLoaders(Path directory, boolean efi) {

    /** For BIOS machines: PXELINUX with HTTP. */
    static final String BIOS = "lpxelinux.0";

    /** For UEFI machines: GRUB with HTTP. */
    static final String EFI = "grubnet.efi";

    /** For UEFI machines with Secure Boot: shim, which starts {@link #SIGNED} from where it came from itself. */
    static final String SHIM = "shimx64.efi";

    private static final String SIGNED = "grubx64.efi";

    /** What the signed GRUB looks for by TFTP. */
    private static final String SIGNED_SCRIPT = "grub/grub.cfg";

    /** What the script loads. */
    private static final Map<String, BootFile.Role> IDLE =
            Map.of("vmlinuz", BootFile.Role.KERNEL, "initrd.img", BootFile.Role.INITRD);

    private static final List<Path> PACKAGES = List.of(Path.of("/usr/lib/PXELINUX"));

    /** Where the files of the idle environment are. */
    @FunctionalInterface
    interface Idle {
        Optional<Path> file(BootFile.Role role);
    }

    /**
     * Copies the loaders.
     *
     * @param shipped the distribution's {@code boot/tftp}
     * @param directory to copy to
     * @param server where the loaders find everything else, by HTTP
     * @param port its HTTP port
     * @param idle the files of the idle environment, when the loaders for machines with Secure Boot are wanted, which load it from
     *     there; else null
     * @throws org.qrm.api.QrmException REFUSED when the loader for BIOS machines is missing, or one cannot be told the server
     */
    static BootLoaders copied(Path shipped, Path directory, Ipv4 server, int port, Idle idle) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path bios = find(shipped, BIOS).orElseThrow(() -> missing(shipped));
        write(
                directory.resolve(BIOS),
                PxelinuxOptions.withOptions(Files.readAllBytes(bios), DnsmasqConfiguration.prefix(server, port)));
        Optional<Path> efi = find(shipped, EFI);
        if (efi.isPresent()) {
            write(directory.resolve(EFI), GrubServer.withServer(EFI, Files.readAllBytes(efi.get()), server, port));
        } else {
            Files.deleteIfExists(directory.resolve(EFI));
        }
        if (idle != null) {
            copySigned(shipped, directory, server, port, idle);
        }
        return new BootLoaders(directory, efi.isPresent());
    }

    /** A signed GRUB loads no module that it does not hold, and it holds none for HTTP: kernel and initrd come by TFTP, too. */
    private static void copySigned(Path shipped, Path directory, Ipv4 server, int port, Idle idle) throws IOException {
        for (String loader : List.of(SHIM, SIGNED)) {
            write(directory.resolve(loader), read(shipped.resolve("secure").resolve(loader)));
        }
        Path script = directory.resolve(SIGNED_SCRIPT);
        Files.createDirectories(script.getParent());
        Files.setPosixFilePermissions(script.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        write(
                script,
                GrubServer.withServer(
                        "secure/grub.cfg", read(shipped.resolve("secure").resolve("grub.cfg")), server, port));
        for (Map.Entry<String, BootFile.Role> each : IDLE.entrySet()) {
            Path file = idle.file(each.getValue())
                    .orElseThrow(() -> lacking("the idle environment's " + each.getKey() + " is not there"));
            write(directory.resolve(each.getKey()), read(file));
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw lacking(file + " is not there");
        }
        return Files.readAllBytes(file);
    }

    private static RuntimeException lacking(String what) {
        return Launcher.refusal(
                what + ", which machines with Secure Boot need",
                "Unpack the folder boot of the distribution again, or set secureBoot = false.");
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

    private static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static RuntimeException missing(Path shipped) {
        return Launcher.refusal(
                "the boot loader " + BIOS + " is neither in " + shipped + " nor in " + PACKAGES.get(0),
                "Install it: apt-get install pxelinux");
    }
}
