package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.rules.TemporaryFolder;

/** A storage server of folders, whose programs a test writes. */
final class ScriptedHost {

    /** exportfs -ra takes what is in exports.d, exportfs -s shows what it took. */
    static final String EXPORTFS = """
            case $1 in
                -ra) cat "$QRM_TEST_ROOT"/etc/exports.d/*.exports >"$QRM_TEST_ROOT/taken" 2>/dev/null || : ;;
                -s) grep -v '^#' "$QRM_TEST_ROOT/taken" | while read -r path clients; do
                        for client in $clients; do echo "$path  $client"; done
                    done ;;
            esac
            """;

    /** Its root directory, as the script sees it. */
    final Path system;

    /** Where its images are. */
    final Path images;

    /** What comes before the programs that are really there. */
    final Path programs;

    /** @param commands are carried out on it */
    ScriptedHost(TemporaryFolder folder, LocalCommands commands) throws IOException {
        Path top = folder.getRoot().toPath().toRealPath();
        system = Files.createDirectories(top.resolve("system"));
        images = Files.createDirectories(top.resolve("images"));
        programs = Files.createDirectories(top.resolve("programs"));
        Files.createDirectories(system.resolve("proc/fs/nfsd"));
        commands.environment.put("PATH", programs + ":" + System.getenv("PATH"));
        commands.environment.put("QRM_TEST_ROOT", system.toString());
    }

    /** The kernel's NFS server. Nothing can be mounted. */
    void serveNfs() throws IOException {
        Files.createDirectories(system.resolve("proc/self"));
        Files.writeString(system.resolve("proc/self/mountinfo"), "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n");
        program("exportfs", EXPORTFS);
        program("losetup", "exit 1");
    }

    void program(String name, String body) throws IOException {
        Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
