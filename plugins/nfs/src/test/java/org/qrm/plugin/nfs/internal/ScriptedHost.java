package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.rules.TemporaryFolder;

/** A storage server of folders, whose programs a test writes. */
final class ScriptedHost {

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

    void program(String name, String body) throws IOException {
        Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
