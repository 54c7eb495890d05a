package org.qrm.netboot.internal;

import java.util.List;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;

/**
 * Renders a boot order for GRUB 2 (syntax: the GRUB manual, chapters on its shell-like scripting and on the network).
 * Arguments stand in single quotes, in which nothing is interpreted.
 */
final class GrubConfiguration {

    /**
     * Loaders of systems that are installed, in the order in which they are tried; the last is what firmware itself would
     * take from a disk (UEFI 2.10, 3.5.1.1).
     */
    private static final List<String> ON_DISKS = List.of(
            "/EFI/debian/shimx64.efi",
            "/EFI/debian/grubx64.efi",
            "/EFI/ubuntu/shimx64.efi",
            "/EFI/redhat/shimx64.efi",
            "/EFI/rocky/shimx64.efi",
            "/EFI/almalinux/shimx64.efi",
            "/EFI/centos/shimx64.efi",
            "/EFI/fedora/shimx64.efi",
            "/EFI/opensuse/shim.efi",
            "/EFI/sles/shim.efi",
            "/EFI/systemd/systemd-bootx64.efi",
            "/EFI/Microsoft/Boot/bootmgfw.efi",
            "/EFI/BOOT/BOOTX64.EFI");

    /**
     * Starts the disk's own loader. To leave GRUB by {@code exit} is success to UEFI firmware, which ends its boot order
     * there and opens its menu (UEFI 2.10, 3.1.1); that is what is left when no disk has a loader.
     */
    private static final String LOCAL = """
            if [ "$grub_platform" = "efi" ]; then
              for loader in %s; do
                if search --no-floppy --file --set=root $loader; then
                  chainloader $loader
                  boot
                fi
              done
              echo "QRM: no disk of this machine has a boot loader"
              sleep 5
              exit
            fi
            set root=(hd0)
            chainloader +1
            boot
            """.formatted(String.join(" ", ON_DISKS));

    private final String device;

    /**
     * @param address IPv4 address of the server
     * @param port its HTTP port; GRUB before 2.12 knows no other than 80
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
        StringBuilder text = new StringBuilder(1024);
        if (configuration.loader() == Loader.MULTIBOOT) {
            appendMultiboot(text, order, configuration);
        } else {
            appendLinux(text, order, configuration);
        }
        return text.append("boot\n").toString();
    }

    private void appendLinux(StringBuilder text, BootOrder order, BootConfiguration configuration) {
        List<BootModule> modules = configuration.modules();
        appendFile(text.append("linux "), configuration, modules.get(0));
        for (int i = 0; i < modules.size(); i++) {
            BootText.appendArguments(text, order, modules.get(i), "'");
        }
        text.append('\n');
        for (int i = 1; i < modules.size(); i++) {
            appendFile(text.append(i == 1 ? "initrd " : " "), configuration, modules.get(i));
        }
        text.append(modules.size() > 1 ? "\n" : "");
    }

    private void appendMultiboot(StringBuilder text, BootOrder order, BootConfiguration configuration) {
        List<BootModule> modules = configuration.modules();
        for (int i = 0; i < modules.size(); i++) {
            appendFile(text.append(i == 0 ? "multiboot2 " : "module2 "), configuration, modules.get(i));
            BootText.appendArguments(text, order, modules.get(i), "'");
            text.append('\n');
        }
    }

    private void appendFile(StringBuilder text, BootConfiguration configuration, BootModule module) {
        BootText.appendPath(text.append(device), configuration, module);
    }
}
