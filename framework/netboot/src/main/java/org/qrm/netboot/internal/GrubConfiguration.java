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

    /** {@code exit} makes the firmware try its next boot entry; a BIOS has none, so the first disk is chain-loaded. */
    private static final String LOCAL = """
            if [ "$grub_platform" = "efi" ]; then
              exit
            fi
            set root=(hd0)
            chainloader +1
            boot
            """;

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
