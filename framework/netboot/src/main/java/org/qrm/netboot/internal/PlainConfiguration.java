package org.qrm.netboot.internal;

import java.util.List;
import java.util.Locale;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;

/** Renders a boot order as {@code key=value} lines, for hosts that are the boot loader of their partitions. */
final class PlainConfiguration {

    /**
     * The same for who is told over an authenticated channel, with the digest of each file: {@code digest=<sha256>,<path>}.
     *
     * @throws QrmException FAILED, also when a file is not there
     */
    String render(BootOrder order, BootImages images) {
        StringBuilder text = new StringBuilder(render(order));
        BootConfiguration configuration = order.configuration();
        if (configuration != null) {
            List<BootFile> files =
                    images.find(configuration.bootImage()).map(BootImage::files).orElse(List.of());
            for (BootModule module : configuration.modules()) {
                text.append("digest=").append(digest(files, module.file())).append(',');
                BootText.appendPath(text, configuration, module);
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String digest(List<BootFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .map(BootFile::sha256)
                .findFirst()
                .orElseThrow(() -> QrmException.failed(
                        "answer a host",
                        name,
                        "its boot image has no such file",
                        "Put the file into the boot image again.",
                        null));
    }

    /** @throws QrmException FAILED when a name or an argument cannot stand in such a text */
    String render(BootOrder order) {
        BootConfiguration configuration = order.configuration();
        if (configuration == null) {
            return "loader=local\n";
        }
        StringBuilder text = new StringBuilder(1024)
                .append("image=")
                .append(configuration.bootImage())
                .append("\nloader=")
                .append(configuration.loader().name().toLowerCase(Locale.ROOT))
                .append('\n');
        List<BootModule> modules = configuration.modules();
        for (int i = 0; i < modules.size(); i++) {
            text.append(key(configuration.loader(), i)).append('=');
            BootText.appendPath(text, configuration, modules.get(i));
            text.append('\n');
        }
        for (int i = 0; i < modules.size(); i++) {
            // the lines of a hypervisor and of what follows its kernel are their own
            if (configuration.loader() == Loader.LINUX || i == 1) {
                BootText.arguments(order, modules.get(i))
                        .forEach(argument ->
                                text.append("argument=").append(argument).append('\n'));
            }
        }
        return text.toString();
    }

    private static String key(Loader loader, int module) {
        List<String> keys =
                loader == Loader.MULTIBOOT ? List.of("hypervisor", "kernel", "initrd") : List.of("kernel", "initrd");
        return keys.get(Math.min(module, keys.size() - 1));
    }
}
