package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What Karaf and Java keep of one build is not taken for another one's. The files of all archives have the same time, and may well have the
 * same size. The Java of these servers ends at once.
 */
public class BuildIT {

    private static final int REFUSED = 6;

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

    /** An archive is unpacked beside the one before, whose data are in its own folder unless somebody said where. */
    @Test
    public void doesNotBeginAnewBesideTheDataOfTheArchiveBefore() throws Exception {
        Path before = folder.newFolder("qrm-0.1.0").toPath();
        Files.writeString(Files.createDirectories(before.resolve("etc")).resolve("qrm-release"), "version=0.1.0\n");
        Path users = Files.createDirectories(before.resolve("var")).resolve("users.properties");
        Files.writeString(users, "admin = x,admin\n");
        server.set("QRM_DATA", "");
        for (String verb : List.of("run", "start")) {
            ServerProcess.Outcome refused = server.run(verb);
            assertEquals(refused.output(), REFUSED, refused.status());
            assertTrue(refused.output(), refused.output().contains("but in " + before + "/var: stop the server there"));
            assertFalse(Files.exists(home.resolve("var")));
        }
        Files.move(before.resolve("var"), home.resolve("var"));
        run();
        Files.createDirectories(users.getParent());
        Files.writeString(users, "");
        run();
        server.set("QRM_DATA", folder.getRoot().toPath().resolve("anew").toString());
        run();
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
