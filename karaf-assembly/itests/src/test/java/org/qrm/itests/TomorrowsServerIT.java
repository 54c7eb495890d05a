package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A later server on the data of this one, killed while it changes the tables; and this one on the data of a later. */
public class TomorrowsServerIT {

    private static final int REFUSED = 6;
    private static final String PASSWORD = "the same tomorrow";

    /** Goes after the server, whose data it may hold. */
    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 1)
    public final ServerProcess server = new ServerProcess();

    @Test
    public void goesOnAfterAKillInTheMiddleOfAMigrationAndIsRefusedByTheServerBefore() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).start();
        RestClient rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
        rest.make("/tokens", "{\"name\":\"kept\",\"role\":\"viewer\",\"days\":30}");
        assertEquals(0, server.run("stop").status());

        server.of(TomorrowsServer.unpackedIn(folder.getRoot().toPath()));
        TomorrowsServer.killInTheMiddleOfTheMigration(server);
        server.start();
        assertEquals(TomorrowsServer.VERSION, rest.get("/server").get("version").asText());
        assertTrue(rest.get("/tokens").toString().contains("kept"));
        assertEquals(0, server.run("stop").status());

        server.of(UnpackedDistribution.home());
        long began = System.nanoTime();
        ServerProcess.Outcome refused = server.run("start");
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertEquals(refused.output(), REFUSED, refused.status());
        assertTrue(refused.output(), refused.output().contains("of a newer QRM " + TomorrowsServer.VERSION));
        assertTrue(refused.output(), refused.output().contains("Nothing was changed"));
        assertTrue("it took " + seconds + " s", seconds < 60);
        assertEquals(refused.output(), 2, refused.output().lines().count());
    }
}
