package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.rules.TemporaryFolder;

/** A storage server with a volume group {@code vg}; its LVM is played by {@code lvm.sh}. */
final class LvmHost {

    final SystemdHost systemd;

    /** A file for each, with what {@code lvm.sh} says of it. */
    final Path volumes;

    LvmHost(TemporaryFolder folder, LocalCommands commands) throws IOException {
        systemd = new SystemdHost(folder, commands);
        String lvm = new String(LvmHost.class.getResourceAsStream("lvm.sh").readAllBytes(), StandardCharsets.UTF_8);
        for (String name :
                List.of("vgs", "lvs", "lvcreate", "lvchange", "lvextend", "lvremove", "lvrename", "lvconvert")) {
            systemd.program(name, lvm);
        }
        systemd.program("blkid", "! [ -d \"$QRM_TEST_ROOT$3.holds\" ] || exit 0; exit 2");
        volumes = Files.createDirectories(systemd.system.resolve("lvm/vg/volumes"));
    }

    /** Nothing is mounted or active after it. */
    void restart() throws Exception {
        systemd.restart();
        for (String name : names()) {
            Files.deleteIfExists(systemd.system.resolve("dev/vg").resolve(name));
        }
    }

    void isFree(long kib) throws IOException {
        Files.writeString(systemd.system.resolve("lvm/vg/free"), kib + "\n");
    }

    /** Without the pool. */
    List<String> names() throws IOException {
        try (var files = Files.list(volumes)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("pool"))
                    .toList();
        }
    }

    String onlyVolume() throws IOException {
        assertEquals(names().toString(), 1, names().size());
        return names().get(0);
    }

    String state(String volume) throws IOException {
        return Files.readString(volumes.resolve(volume)).strip();
    }

    void assertNothingIsLeft() throws IOException {
        systemd.assertNothingIsLeft();
        assertEquals(List.of(), names());
    }
}
