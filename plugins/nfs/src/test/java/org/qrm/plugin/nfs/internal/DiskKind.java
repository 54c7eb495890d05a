package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.rules.TemporaryFolder;

/** What holds the file system of an image, on a storage server that is played. */
enum DiskKind {
    FILE(""),
    THICK("lvm:vg"),
    THIN("lvm:vg/pool"),
    DATASET("zfs:tank/images");

    private static final long ROOM_KIB = 10L << 20;

    private final String place;

    DiskKind(String place) {
        this.place = place;
    }

    Map<String, Object> settings() {
        return this == FILE ? Map.of("imageGib", "1") : Map.of("imageGib", "1", "imageVolumes", place);
    }

    SystemdHost host(TemporaryFolder folder, LocalCommands commands) throws IOException {
        SystemdHost host;
        if (this == THICK || this == THIN) {
            LvmHost lvm = new LvmHost(folder, commands);
            lvm.isFree(ROOM_KIB);
            Files.writeString(lvm.volumes.resolve("pool"), ROOM_KIB + " thin-pool - 25.00 -\n");
            host = lvm.systemd;
        } else {
            host = new SystemdHost(folder, commands);
        }
        if (this == DATASET) {
            Path datasets = Files.createDirectories(host.system.resolve("zfs"));
            Files.writeString(datasets.resolve("tank%images"), ROOM_KIB * 1024 + " 0 24576 -\n");
            String zfs =
                    new String(DiskKind.class.getResourceAsStream("zfs.sh").readAllBytes(), StandardCharsets.UTF_8);
            host.program("zfs", zfs);
            host.program("zpool", zfs);
        }
        host.program("sleep", "exit 0");
        return host;
    }
}
