package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.itests.SimulatedSite.PASSWORD;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A stop waits for what must not be lost, for so long; what Java keeps for the next start is none of that. */
public class ServerStopIT {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final ServerProcess server = new ServerProcess();

    private Process running;

    @After
    public void end() throws InterruptedException {
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    @Test
    public void whatIsKeptForTheNextStartDoesNotCount() throws Exception {
        runs("touch $QRM_DATA/karaf/ended; sleep 4 9>&-; touch $QRM_DATA/kept; exit 0");
        ServerProcess.Outcome stop = server.set("QRM_STOP_SECONDS", "1").run("stop");
        assertEquals(stop.output(), 0, stop.status());
        assertFalse(stop.output(), stop.output().contains("killing"));
        assertTrue("it was waited for", Files.exists(server.data().resolve("kept")));
    }

    @Test
    public void whatDoesNotStopIsKilled() throws Exception {
        runs("sleep 60 9>&-; touch $QRM_DATA/kept; exit 0");
        ServerProcess.Outcome stop = server.set("QRM_STOP_SECONDS", "1").run("stop");
        assertEquals(stop.output(), 0, stop.status());
        assertTrue(stop.output(), stop.output().contains("did not end within 1 seconds; killing it"));
        assertFalse(Files.exists(server.data().resolve("kept")));
    }

    @Test
    public void aServerSaysWhenAllIsStopped() throws Exception {
        Path mark = server.data().resolve("karaf/ended");
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        assertFalse("while it runs", Files.exists(mark));
        assertEquals(0, server.run("stop").status());
        assertTrue("when it is stopped", Files.exists(mark));
    }

    /** Starts a server whose Java is a script; so ends what it does when it is asked to end. */
    private void runs(String whenAsked) throws IOException, InterruptedException {
        Path java = folder.newFolder("java", "bin").toPath().resolve("java");
        Files.writeString(java, """
                #!/bin/bash
                trap '%s' TERM
                touch "$QRM_DATA/up"
                while :; do sleep 0.1 9>&-; done
                """.formatted(whenAsked));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.getRoot().toPath().resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
        server.set("JAVA_HOME", folder.getRoot().toPath().resolve("java").toString());
        running = server.command("run")
                .redirectErrorStream(true)
                .redirectOutput(folder.newFile())
                .start();
        while (!Files.exists(server.data().resolve("up"))) {
            assertTrue("it ended", running.isAlive());
            LockSupport.parkNanos(50_000_000);
        }
    }
}
