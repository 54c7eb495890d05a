package org.qrm.netboot.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;

/**
 * Renders a boot order for GRUB 2 (syntax: the GRUB manual, chapters on its shell-like scripting and on the network).
 * Arguments stand in single quotes, in which nothing is interpreted. Around those with blanks GRUB itself puts double
 * quotes (grub-core/lib/cmdline.c).
 */
final class GrubConfiguration {

    /**
     * Folders of systems that are installed, below {@code /EFI} of a disk, in the order in which they are tried; one that
     * has its loader elsewhere is found all the same by what follows them.
     */
    private static final List<String> FOLDERS = List.of(
            "debian", "ubuntu", "redhat", "rocky", "almalinux", "centos", "fedora", "opensuse", "sles", "proxmox");

    /** In such a folder: the one that works under Secure Boot, too, before the other. */
    private static final List<String> IN_FOLDERS = List.of("shimx64.efi", "shim.efi", "grubx64.efi");

    /** The last is what firmware itself would take from a disk (UEFI 2.10, 3.5.1.1). */
    private static final List<String> OTHERS =
            List.of("/EFI/systemd/systemd-bootx64.efi", "/EFI/Microsoft/Boot/bootmgfw.efi", "/EFI/BOOT/BOOTX64.EFI");

    /**
     * Of systems that put nothing there, or something that does not start by itself, as shim without its fallback. They are
     * after it, so that others need not wait until all disks were looked at for each.
     */
    private static final List<String> RARE = List.of(
            "/EFI/xenserver/grubx64.efi", // XCP-ng, too
            "/EFI/kylin/shimx64.efi",
            "/EFI/kylin/grubx64.efi",
            "/EFI/openEuler/shimx64.efi",
            "/EFI/openEuler/grubx64.efi",
            "/EFI/arch/grubx64.efi",
            "/EFI/GRUB/grubx64.efi", // grub-install --bootloader-id=GRUB, as Arch's guide has it
            "/EFI/Manjaro/grubx64.efi",
            "/EFI/kali/grubx64.efi",
            "/EFI/gentoo/grubx64.efi",
            "/EFI/void_grub/grubx64.efi",
            "/EFI/NixOS-boot/grubx64.efi",
            "/EFI/refind/refind_x64.efi",
            "/EFI/VMware/safeboot64.efi",
            "/EFI/freebsd/loader.efi");

    /**
     * Starts the disk's own loader; one that does not start is passed over. To leave GRUB by {@code exit} is success to
     * UEFI firmware: some goes on in its boot order, some ends it there and opens its menu (UEFI 2.10, 3.1.1). That is
     * what is left when no disk has a loader.
     */
    private static final String LOCAL = """
            if [ "$grub_platform" = "efi" ]; then
              for loader in %s; do
                if search --no-floppy --file --set=root $loader; then
                  echo "QRM: starting $loader of $root"
                  if chainloader $loader; then
                    boot
                  fi
                fi
              done
              echo "QRM: this machine is to start from its disk, and no disk has a boot loader that starts; leaving it to the firmware"
              sleep 10
              exit
            fi
            set root=(hd0)
            chainloader +1
            boot
            """.formatted(String.join(" ", onDisks()));

    private final String device;

    /**
     * @param address IPv4 address of the server
     * @param port its HTTP port; 80 is GRUB's own
     */
    GrubConfiguration(String address, int port) {
        this.device = "(http," + address + (port == 80 ? "" : ":" + port) + ")";
    }

    /** @throws org.qrm.api.QrmException FAILED when a name or an argument cannot stand in such a text */
    String render(BootOrder order) {
        BootConfiguration configuration = order.configuration();
        if (configuration == null) {
            return LOCAL;
        }
        return bootIfAllLoad(
                configuration.loader() == Loader.MULTIBOOT
                        ? multiboot(order, configuration)
                        : linux(order, configuration));
    }

    private static List<String> onDisks() {
        Stream<String> installed =
                FOLDERS.stream().flatMap(folder -> IN_FOLDERS.stream().map(file -> "/EFI/" + folder + "/" + file));
        return Stream.of(installed, OTHERS.stream(), RARE.stream())
                .flatMap(each -> each)
                .toList();
    }

    /** A kernel without its initrd, or a hypervisor without its kernel, would panic: the loader asks again instead. */
    private static String bootIfAllLoad(List<String> commands) {
        StringBuilder text = new StringBuilder(1024);
        commands.forEach(command -> text.append("if ").append(command).append("; then\n"));
        text.append("boot\n");
        commands.forEach(command -> text.append("fi\n"));
        return text.toString();
    }

    private List<String> linux(BootOrder order, BootConfiguration configuration) {
        List<BootModule> modules = configuration.modules();
        StringBuilder kernel = new StringBuilder("linux ");
        appendFile(kernel, configuration, modules.get(0));
        for (BootModule module : modules) {
            appendArguments(kernel, order, module);
        }
        if (modules.size() == 1) {
            return List.of(kernel.toString());
        }
        StringBuilder initrd = new StringBuilder("initrd");
        for (BootModule module : modules.subList(1, modules.size())) {
            appendFile(initrd.append(' '), configuration, module);
        }
        return List.of(kernel.toString(), initrd.toString());
    }

    private List<String> multiboot(BootOrder order, BootConfiguration configuration) {
        List<String> commands = new ArrayList<>();
        for (BootModule module : configuration.modules()) {
            StringBuilder command = new StringBuilder(commands.isEmpty() ? "multiboot2 " : "module2 ");
            appendFile(command, configuration, module);
            appendArguments(command, order, module);
            commands.add(command.toString());
        }
        return commands;
    }

    private static void appendArguments(StringBuilder text, BootOrder order, BootModule module) {
        for (String argument : BootText.arguments(order, module)) {
            text.append(" '").append(argument.replace("\"", "")).append('\'');
        }
    }

    private void appendFile(StringBuilder text, BootConfiguration configuration, BootModule module) {
        BootText.appendPath(text.append(device), configuration, module);
    }
}
