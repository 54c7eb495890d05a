package org.qrm.core.node;

import static org.junit.Assert.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class SilenceTest {

    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");
    private static final String SILENT = "silent since 2026-01-02T03:04:05Z";

    @Test
    public void sendsToTheMachineWhenEveryPluginIsThere() {
        assertEquals(new Silence(SILENT, "look at its power, cables and console"), Silence.of(SINCE, "", List.of()));
        assertEquals(new Silence(SILENT, "look at its power, cables and console"), Silence.of(SINCE, "xen", List.of()));
    }

    @Test
    public void sendsToThePluginOfAPartitionThatIsNotThere() {
        assertEquals(
                new Silence(
                        SILENT + "; its plug-in xen is not there",
                        "its plug-in xen is not there: bring that back first"),
                Silence.of(SINCE, "xen", List.of("kvm", "xen")));
    }

    @Test
    public void namesMissingPluginsOfWhichAnyMachineMayBe() {
        assertEquals(
                new Silence(
                        SILENT + "; plug-ins that are not there: ipmi, simulator",
                        "plug-ins that are registered are not there (ipmi, simulator): if it hangs on one, bring that back"
                                + " first; else look at its power, cables and console"),
                Silence.of(SINCE, "", List.of("ipmi", "simulator")));
    }
}
