package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * The modules of a kernel that an idle initrd needs, and their indexes: a subset of what depmod wrote on the source
 * system (modules.dep(5)), with the modules unpacked.
 */
final class KernelModules {

    /** Cards that machines boot from, the devices of Xen guests, and what mounts an image: as in the default boot image. */
    static final List<String> WANTED =
            List.of(("e1000 e1000e igb igc ixgbe i40e ice r8169 realtek tg3 broadcom bnx2 bnx2x"
                            + " bnxt_en mlx4_en mlx5_core be2net enic atlantic forcedeth sky2 e100 8139too 8139cp pcnet32 tulip"
                            + " sfc cxgb4 qlcnic qede hinic alx atl1c atl1e jme skge dwmac-intel lan743x"
                            + " igbvf ixgbevf iavf virtio_net virtio_pci vmxnet3 hv_netvsc xen-netfront xen-blkfront"
                            + " netfs fscache sunrpc grace lockd nfs nfs_acl nfsv3 nfsv4 overlay efivarfs")
                    .split(" "));

    private static final Pattern FILE =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.,+-]*/)*[A-Za-z0-9][A-Za-z0-9_,+-]*\\.ko(\\.(xz|gz|zst))?");

    private final Map<String, List<String>> dependencies;
    private final Set<String> files;

    private KernelModules(Map<String, List<String>> dependencies, Set<String> files) {
        this.dependencies = dependencies;
        this.files = files;
    }

    /**
     * Chooses the wanted ones and what they depend on; those that the kernel lacks are left out.
     *
     * @param modulesDep modules.dep of the source system, untrusted
     */
    static KernelModules choose(String modulesDep) {
        Map<String, List<String>> all = parse(modulesDep);
        Set<String> chosen = new LinkedHashSet<>();
        for (String wanted : WANTED) {
            String name = canonical(wanted);
            all.forEach((file, needs) -> {
                if (name(file).equals(name)) {
                    chosen.add(file);
                    chosen.addAll(needs);
                }
            });
        }
        return new KernelModules(all, chosen);
    }

    /** Below /lib/modules/VERSION on the source system, perhaps compressed. */
    Set<String> files() {
        return files;
    }

    /** How a file is called once it is unpacked. */
    static String plain(String file) {
        return file.substring(0, file.lastIndexOf(".ko") + ".ko".length());
    }

    /** modules.dep of the subset. */
    String modulesDep() {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(plain(file)).append(':');
            dependencies
                    .getOrDefault(file, List.of())
                    .forEach(need -> text.append(' ').append(plain(need)));
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * modules.alias of the subset.
     *
     * @param modulesAlias that of the source system
     */
    String modulesAlias(String modulesAlias) {
        Set<String> names = new LinkedHashSet<>();
        files.forEach(file -> names.add(name(file)));
        StringBuilder text = new StringBuilder();
        for (String line : modulesAlias.split("\n")) {
            String[] words = line.split(" ");
            if (words.length == 3 && words[0].equals("alias") && names.contains(canonical(words[2]))) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    private static Map<String, List<String>> parse(String modulesDep) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String line : modulesDep.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                List<String> needs = new ArrayList<>();
                for (String need : line.substring(colon + 1).strip().split(" +")) {
                    if (!need.isEmpty()) {
                        needs.add(checked(need));
                    }
                }
                all.put(checked(line.substring(0, colon)), needs);
            }
        }
        return all;
    }

    private static String checked(String file) {
        if (!FILE.matcher(file).matches() || file.length() > 200) {
            throw QrmException.failed(
                    "read modules.dep of the source system",
                    Name.printable(file),
                    "that is no path of a kernel module",
                    "Run depmod on the source system.",
                    null);
        }
        return file;
    }

    private static String name(String file) {
        String last = plain(file.substring(file.lastIndexOf('/') + 1));
        return canonical(last.substring(0, last.length() - ".ko".length()));
    }

    private static String canonical(String module) {
        return module.replace('-', '_');
    }
}
