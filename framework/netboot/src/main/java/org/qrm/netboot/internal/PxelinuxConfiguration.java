package org.qrm.netboot.internal;

import java.util.List;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;
import org.qrm.api.resource.MacAddress;

/**
 * Renders a boot order for PXELINUX (syntax: the Syslinux project's config.txt, mboot.txt). Files are named by absolute
 * HTTP addresses, which {@code lpxelinux.0} follows.
 */
final class PxelinuxConfiguration {

    private static final String LOCAL = "DEFAULT local\nPROMPT 0\nLABEL local\n  LOCALBOOT 0\n";

    /** A kernel that cannot be loaded leads to a prompt; after ten seconds there the loader tries again, instead of never. */
    private static final String HEAD = "DEFAULT qrm\nPROMPT 0\nTIMEOUT 100\nLABEL qrm\n";

    private final String server;

    /** @param server {@code http://10.77.0.1:8080}, without a slash at its end */
    PxelinuxConfiguration(String server) {
        this.server = server;
    }

    /** Asks again in ten seconds. To PXELINUX a refusal would be one to end with. */
    String wait(MacAddress mac, String why) {
        return "SAY QRM: " + why + "\nDEFAULT again\nPROMPT 1\nTIMEOUT 100\nLABEL again\n  CONFIG " + server
                + "/boot/pxelinux.cfg/01-" + mac.value().replace(':', '-') + "\n";
    }

    /** @throws org.qrm.api.QrmException FAILED when a name or an argument cannot stand in such a text */
    String render(BootOrder order) {
        BootConfiguration configuration = order.configuration();
        if (configuration == null) {
            return LOCAL;
        }
        StringBuilder text = new StringBuilder(1024).append(HEAD);
        if (configuration.loader() == Loader.MULTIBOOT) {
            appendMultiboot(text, order, configuration);
        } else {
            appendLinux(text, order, configuration);
        }
        return text.append('\n').toString();
    }

    private void appendLinux(StringBuilder text, BootOrder order, BootConfiguration configuration) {
        List<BootModule> modules = configuration.modules();
        appendFile(text.append("  KERNEL "), configuration, modules.get(0));
        text.append('\n');
        for (int i = 1; i < modules.size(); i++) {
            appendFile(text.append(i == 1 ? "  INITRD " : ","), configuration, modules.get(i));
        }
        text.append(modules.size() > 1 ? "\n" : "").append("  APPEND");
        for (int i = 0; i < modules.size(); i++) {
            appendArguments(text, order, modules.get(i));
        }
    }

    private void appendMultiboot(StringBuilder text, BootOrder order, BootConfiguration configuration) {
        List<BootModule> modules = configuration.modules();
        text.append("  KERNEL mboot.c32\n  APPEND ");
        for (int i = 0; i < modules.size(); i++) {
            appendFile(text.append(i == 0 ? "" : " --- "), configuration, modules.get(i));
            appendArguments(text, order, modules.get(i));
        }
    }

    private static void appendArguments(StringBuilder text, BootOrder order, BootModule module) {
        BootText.arguments(order, module).forEach(argument -> text.append(' ').append(argument));
    }

    private void appendFile(StringBuilder text, BootConfiguration configuration, BootModule module) {
        BootText.appendPath(text.append(server), configuration, module);
    }
}
