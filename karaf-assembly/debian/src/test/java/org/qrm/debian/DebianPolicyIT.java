package org.qrm.debian;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;

/** The package against Debian's rules. */
public class DebianPolicyIT {

    @Test
    public void lintianFindsNoError() throws Exception {
        assumeTrue("lintian is missing", Files.isExecutable(Path.of("/usr/bin/lintian")));
        assertEquals(
                "",
                run(
                        "lintian",
                        "--allow-root",
                        "--tag-display-limit",
                        "0",
                        "--display-level",
                        ">=error",
                        DebianPackages.built().toString()));
    }

    @Test
    public void aSnapshotIsLowerThanItsRelease() throws Exception {
        String version = run("dpkg-deb", "--field", DebianPackages.built().toString(), "Version")
                .strip();
        String release = version.replace("~snapshot", "");
        assertEquals("", run("dpkg", "--compare-versions", version, version.equals(release) ? "eq" : "lt", release));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(String.join(" ", command) + " printed " + output, 0, process.waitFor());
        return output;
    }
}
