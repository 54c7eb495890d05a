package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which of several kernels and hypervisors is taken, by the names that distributions give them. The wanted one is the first. */
public class NewestTest {

    private static final List<List<String>> KERNELS = List.of(
            List.of("6.1.0-40-amd64", "6.1.0-9-amd64"),
            List.of("6.1.0-40-amd64", "6.1.0-40-rt-amd64"),
            List.of("6.1.0-40-amd64", "6.1.0-41-amd64-dbg"),
            List.of("6.9.0", "6.9.0-rc7", "6.8.12"),
            List.of("6.9-amd64", "6.9~rc7-amd64", "6.10~rc1-amd64"),
            List.of("5.14.0-427.13.1.el9.x86_64", "5.14.0-70.el9.x86_64", "5.14.0-427.13.1.el9.x86_64+rt"),
            List.of("6.8.5-301.fc40.x86_64", "6.8.5-301.fc40.x86_64+debug"),
            List.of("5.14.0-427.el9.x86_64", "5.14.0-427.el9.x86_64+rt-debug"),
            List.of("3.10.0-1160.el7.x86_64", "3.10.0-1160.rt56.1131.el7.x86_64"),
            List.of("6.8.0-45-generic", "6.8.1-1010-realtime"),
            List.of("6.1.0-40-amd64", "6.1.0-40-cloud-amd64", "6.1.0-41-cloud-amd64"),
            List.of("6.8.0-45-generic", "6.8.0-1016-aws", "6.8.0-1017-azure", "6.8.0-1015-gcp", "6.8.0-1014-kvm"),
            List.of("6.8.0-45-generic", "6.8.0-1013-oracle", "6.8.0-1012-ibm", "6.8.0-1011-gke"),
            List.of("6.4.0-150600.23.7-default", "6.4.0-150600.23.9-kvmsmall", "6.4.0-150600.23.9-azure"),
            List.of("6.1.0-40-cloud-amd64", "6.1.0-9-cloud-amd64"),
            List.of("4.19.0+1", "0-rescue-0123456789abcdef"),
            List.of("6.4.0-150600.23-default", "6.4.0-150600.23-debug", "6.4.0-150600.23-rt"),
            List.of("6.8.0-45-generic", "6.8.0-9-generic", "6.11.0-next-20240920"),
            List.of("6.10.0-rc1", "6.9.0-rc7"),
            List.of("6.1.0-41-rt-amd64", "6.1.0-40-rt-amd64"),
            List.of("6.6.0-art-amd64", "6.5.0-art-amd64"),
            List.of(
                    "5.14.0-427.13.1.el9_4.x86_64",
                    "5.14.0-427.el9.x86_64",
                    "5.14.0-427.13.1.el9_4.x86_64+debug",
                    "0-rescue-0123456789abcdef0123456789abcdef"),
            List.of("5.14.0-427.31.1.el9_4.x86_64", "5.14.0-427.9.1.el9_4.x86_64", "5.14.0-427.el9.x86_64"),
            List.of("4.18.0-513.5.1.el8_9.x86_64", "4.18.0-513.el8.x86_64", "4.18.0-80.11.2.el8_0.x86_64"),
            List.of("3.10.0-1160.119.1.el7.x86_64", "3.10.0-1160.el7.x86_64"),
            List.of("5.15.0-206.153.7.el9uek.x86_64", "5.15.0-206.el9uek.x86_64"),
            List.of("6.4.0-150600.23.7-default", "6.4.0-150600.23-default", "6.4.0-150600.21.2-default"),
            List.of("6.9.7-1-default", "6.9.7-1-debug", "6.9.6-12-default", "6.9.7-1-default.rpmsave"),
            List.of("5.15.0-113-generic", "5.15.0-1064-aws", "5.15.0-113-generic.dpkg-new"),
            List.of("6.8.0-45-generic", "6.8.0-45-generic.old", "6.8.0-45-generic.bak", "6.8.0-45-generic.orig"),
            List.of("6.1.0-40-amd64", "6.1.0-40-amd64.dpkg-tmp", "6.1.0-40-amd64.hmac"),
            List.of("6.1.0-0.deb11.21-amd64", "5.10.0-28-amd64"),
            List.of("4.19.0+1", "4.19.0+0"),
            List.of("6.11.4-301.fc41.x86_64", "6.11.4-301.fc41.x86_64.sig", "6.11.0-0.rc7.56.fc41.x86_64"));

    private static final List<List<String>> HYPERVISORS = List.of(
            List.of("xen-4.17-amd64.gz", "xen-4.9-amd64.gz"),
            List.of("xen-4.13.5-9.36.gz", "xen-4.13.5-9.36-d.gz"),
            List.of("xen-4.13.5-9.36.gz", "xen-4.13.5-9.40-d.gz"),
            List.of("xen-4.17-amd64.gz", "xen-4.17-amd64-dbg.gz"),
            List.of("xen-4.17.2.gz", "xen-4.17.2-debug.gz", "xen-4.17.2.debug.gz"),
            List.of("xen-4.17.gz", "xen-4.18-unstable.gz"),
            List.of("xen-4.18.0.gz", "xen-4.18.0-rc4.gz", "xen-4.19.0-rc1.gz"),
            List.of("xen-4.16.1.gz", "xen-4.16.1-pre.gz"),
            List.of("xen-4.18-unstable.gz", "xen-4.17-unstable.gz"),
            List.of("xen-4.17.3_02-150500.3.gz", "xen-4.17.3_02-150500.3-dbg.gz"),
            List.of("xen-4.17.3.fc38.gz", "xen-4.17.3.fc38+debug.gz"),
            List.of("xen-4.17.3.fc38.gz", "xen-4.17.fc38.gz"),
            List.of("xen-4.18.3_04-150600.3.12.1.gz", "xen-4.18.3_04-150600.3.gz"),
            List.of("xen-4.13.5-9.40.1.gz", "xen-4.13.5-9.40.gz", "xen-4.13.5-9.39.2.gz"),
            List.of("xen-4.20-amd64.gz", "xen-4.17-amd64.gz", "xen-4.20-amd64.old.gz"));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void onASourceSystem() throws Exception {
        for (int i = 0; i < KERNELS.size(); i++) {
            List<String> hypervisors = HYPERVISORS.get(i % HYPERVISORS.size());
            SourceInventory found = inspected(withBoot(KERNELS.get(i), hypervisors));
            assertEquals(Optional.of(KERNELS.get(i).get(0)), found.kernel());
            assertEquals(Optional.of(hypervisors.get(0)), found.hypervisor());
        }
    }

    /** As Fedora with systemd-boot, and SUSE, whose /boot has links. */
    @Test
    public void alsoBesideItsModulesAndThroughLinks() throws Exception {
        Path root = withBoot(List.of("6.8.5-301.fc40.x86_64"), List.of("xen-4.17-amd64.gz"));
        Path modules = Files.createDirectories(root.resolve("lib/modules/6.9.5-200.fc40.x86_64"));
        Files.createFile(modules.resolve("modules.dep"));
        Files.createFile(modules.resolve("vmlinuz"));
        Files.writeString(modules.resolve("config"), "CONFIG_XEN_DOM0=y\n");
        Files.createSymbolicLink(root.resolve("boot/xen-4.18.gz"), Path.of("xen-4.17-amd64.gz"));
        SourceInventory found = inspected(root);
        assertEquals(Optional.of("/lib/modules/6.9.5-200.fc40.x86_64/vmlinuz"), found.kernelFile());
        assertEquals(Optional.of("xen-4.17-amd64.gz"), found.hypervisor());
        Files.createDirectories(root.resolve("usr"));
        Files.createFile(root.resolve("usr/xen"));
        Files.createSymbolicLink(root.resolve("boot/xen-4.19.gz"), Path.of("../usr/xen"));
        Files.createSymbolicLink(
                root.resolve("boot/vmlinuz-6.9.5-200.fc40.x86_64"),
                Path.of("../lib/modules/6.9.5-200.fc40.x86_64/vmlinuz"));
        found = inspected(root);
        assertEquals(Optional.of("/boot/vmlinuz-6.9.5-200.fc40.x86_64"), found.kernelFile());
        assertEquals(Optional.of("xen-4.19.gz"), found.hypervisor());
        Files.writeString(modules.resolve("config"), "# CONFIG_XEN_DOM0 is not set\n");
        assertEquals(Optional.of("6.8.5-301.fc40.x86_64"), inspected(root).kernel());
    }

    /** With noauto, or after a rescue: what is below is what an installation of before has left. */
    @Test
    public void notFromADirectoryThatAFileSystemBelongsOn() throws Exception {
        Path root = withBoot(List.of("6.1.0-9-amd64"), List.of("xen-4.14-amd64.gz"));
        Path mounts = Files.createDirectories(root.resolve("proc/self")).resolve("mountinfo");
        Path fstab = Files.createDirectories(root.resolve("etc")).resolve("fstab");
        Map<String, Boolean> tables = new LinkedHashMap<>();
        tables.put("UUID=1 / ext4 defaults 0 1\n", false);
        tables.put("UUID=1 / ext4 defaults 0 1\nUUID=2 /boot ext4 noauto 0 2\n", true);
        tables.put("/dev/md0\t/boot/\txfs\tdefaults\t0 0\n", true);
        tables.put("#UUID=2 /boot ext4 defaults 0 2\n # UUID=2 /boot ext4\n", false);
        tables.put("UUID=3 /boot/efi vfat umask=0077 0 1\n", false);
        for (Map.Entry<String, Boolean> table : tables.entrySet()) {
            Files.writeString(fstab, table.getKey());
            Files.writeString(mounts, "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n");
            assertEquals(
                    table.getKey(), table.getValue(), inspected(root).lack().isPresent());
            Files.writeString(
                    mounts, "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n30 22 254:2 / /boot rw - ext4 /dev/vda2 rw\n");
            assertEquals(table.getKey(), Optional.empty(), inspected(root).lack());
        }
    }

    private Path withBoot(List<String> kernels, List<String> hypervisors) throws Exception {
        Path root = folder.newFolder().toPath();
        Path boot = Files.createDirectories(root.resolve("boot"));
        for (String version : kernels) {
            Files.createFile(boot.resolve("vmlinuz-" + version));
            Files.createFile(Files.createDirectories(root.resolve("lib/modules/" + version))
                    .resolve("modules.dep"));
        }
        for (String file : hypervisors) {
            Files.createFile(boot.resolve(file));
        }
        return root;
    }

    /** By the real script. */
    private static SourceInventory inspected(Path root) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", SourceSystem.script());
        builder.environment().put("QRM_TEST_ROOT", root.toString());
        return SourceInventory.parse(new String(builder.start().getInputStream().readAllBytes()));
    }

    @Test
    public void byMakeBootImage() throws Exception {
        Path build = folder.getRoot().toPath().resolve("build");
        Files.writeString(build, "#!/bin/sh\necho builds $(ls \"$2/boot\") $(ls \"$2/lib/modules\"/*)\n");
        assertTrue(build.toFile().setExecutable(true));
        Map<String, String> wrong = new LinkedHashMap<>();
        for (int i = 0; i < KERNELS.size(); i++) {
            List<String> kernels = KERNELS.get(i);
            List<String> hypervisors = HYPERVISORS.get(i % HYPERVISORS.size());
            Path root = withBoot(kernels, hypervisors);
            String told = "--description '" + hypervisors.get(0).replaceAll("\\.gz$", "") + ", kernel " + kernels.get(0)
                    + "'";
            String said = makeBootImage(root, build);
            String built = "builds vmlinuz-" + kernels.get(0) + " modules.dep\n";
            if (!said.contains(told) || !said.contains(built)) {
                wrong.put(told, said);
            }
        }
        assertEquals(Map.of(), wrong);
    }

    private String makeBootImage(Path root, Path build) throws Exception {
        Path output = folder.newFolder().toPath();
        ProcessBuilder builder =
                new ProcessBuilder("./make-boot-image", root.toString(), output.toString()).redirectErrorStream(true);
        builder.environment().put("QRM_NODE_BUILD", build.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(said, 0, process.waitFor());
        return said;
    }
}
