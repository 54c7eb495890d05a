package org.qrm.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import org.qrm.testkit.QrmServer;

/** The test kit's server, as a third party uses it: with the plug-in that the archetype generates. */
public class QrmServerIT {

    @ClassRule
    public static final QrmServer SERVER = new QrmServer(home());

    private static Path home() {
        try {
            return UnpackedDistribution.home();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeClass
    public static void addThePluginAndMachines() {
        SERVER.addPlugin(
                Path.of(System.getProperty("thirdPartyPlugin")), "spare", "spareMemoryMb=1000", "priority=INFO");
        SERVER.addMachines(2);
    }

    @Test
    public void thePluginActsOnMachinesThatBoot() {
        SERVER.qrm(words("storage-server create sim --type simulated --address 10.0.0.1 --export-root /images"));
        SERVER.qrm(words("filesystem-image create web --storage-server sim --empty --wait"));
        SERVER.qrm(words("ve create web1 --filesystem-image web --mode single --memory-mb 512"));
        SERVER.qrm(words("ve start web1 --wait"));
        SERVER.await(
                "its event is there",
                list -> list.contains("web1 asks for 512 MiB"),
                words("event list --source spare -o json"));
        SERVER.qrm(words("ve stop web1 --wait"));
        SERVER.await("both are idle", list -> list.lines().count() == 2, words("resource list --state idle -o name"));
    }

    private static String[] words(String line) {
        return line.split(" ");
    }

    @Test
    public void whatIsRefusedIsToldAndNeverTakenForDone() {
        String why = SERVER.refused("plugin", "configure", "spare", "spareMemoryMb=-5");
        assertTrue(why, why.contains("Give 0 to 1048576 MiB."));
        AssertionError failed = assertThrows(AssertionError.class, () -> SERVER.qrm("ve", "start", "nobody"));
        assertTrue(failed.getMessage(), failed.getMessage().contains("nobody"));
        assertThrows(AssertionError.class, () -> SERVER.refused("server", "show"));
    }

    @Test
    public void nothingOfItIsLeft() throws Throwable {
        QrmServer other = new QrmServer(home()).with("QRM_SILENCE_SECONDS", "60");
        Path[] data = new Path[1];
        Statement test = new Statement() {
            @Override
            public void evaluate() {
                data[0] = other.data();
                assertTrue(Files.exists(other.authority()));
                assertFalse(other.data().equals(SERVER.data()));
                throw new IllegalStateException("the test fails");
            }
        };
        assertThrows(
                IllegalStateException.class,
                () -> other.apply(test, Description.EMPTY).evaluate());
        assertFalse(Files.exists(data[0].getParent()));
        QrmServer never = new QrmServer(home()).with("QRM_ADDRESS", "nowhere");
        AssertionError why = assertThrows(
                AssertionError.class, () -> never.apply(test, Description.EMPTY).evaluate());
        assertTrue(why.getMessage(), why.getMessage().contains("QRM_ADDRESS"));
    }
}
