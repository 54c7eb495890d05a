package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What Karaf and Java keep of one build is not taken for another one's. The files of all archives have the same time, and may well have the
 * same size. The Java of these servers ends at once.
 */
public class BuildIT {

    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Ends before its files go. */
    @Rule(order = 1)
    public final ServerProcess server = new ServerProcess();

    private Path home;
    private Path kept;

    @Before
    public void runOnce() throws Exception {
        home = folder.getRoot().toPath().resolve("server");
        assertEquals(
                0,
                new ProcessBuilder("cp", "-a", UnpackedDistribution.home().toString(), home.toString())
                        .inheritIO()
                        .start()
                        .waitFor());
        server.of(home).set("JAVA_HOME", javaThatEnds());
        run();
        kept = Files.writeString(server.data().resolve("karaf/kept"), "");
    }

    @Test
    public void keepsTheCacheOfTheSameBuild() throws Exception {
        run();
        assertTrue(Files.exists(kept));
    }

    @Test
    public void emptiesTheCacheOfABuildThatDiffersInAnyFile() throws Exception {
        Path build = home.resolve("lib/build");
        Files.writeString(build, Files.readString(build).replaceAll(".", "0"));
        run();
        assertFalse(Files.exists(kept));
    }

    @Test
    public void emptiesTheCacheWhenABundleWasExchangedByHand() throws Exception {
        Files.writeString(home.resolve("system/README"), "other");
        run();
        assertFalse(Files.exists(kept));
    }

    private void run() throws Exception {
        ServerProcess.Outcome outcome = server.run("run");
        assertEquals(outcome.output(), 0, outcome.status());
    }

    private String javaThatEnds() throws IOException {
        Path java = folder.newFolder("java", "bin").toPath().resolve("java");
        Files.writeString(java, "#!/bin/sh\nexit 0\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.getRoot().toPath().resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
        return folder.getRoot().toPath().resolve("java").toString();
    }
}
