package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.core.CoreFixture;

/** What somebody with many addresses leaves in the event log. */
public class RefusalsTest {

    private static final int HOUR = 60;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private Refusals refusals;

    @Before
    public void start() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        refusals = new Refusals(core.database);
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void aFloodFromEverywhereLeavesAFewEventsAnHour() {
        for (int minute = 0; minute < HOUR; minute++) {
            for (int sender = 0; sender < 500; sender++) {
                refusals.add("10.1." + sender / 250 + "." + sender % 250, "nonsense");
            }
            refusals.flush();
        }
        List<String> told = alarms("request.refused");
        assertTrue(told.size() + " events", told.size() > 30 && told.size() <= 3 * 31);
        assertTrue(told.contains("Refused 470 more requests of many others within a minute"));
        assertTrue(told.contains("Refused 27730 more requests of many others within an hour"));
        assertTrue(told.contains("Refused 58 more requests of 10.1.0.7 within an hour"));
    }

    @Test
    public void aFloodOfOneSortHidesNoOther() {
        for (int sender = 0; sender < 100; sender++) {
            refusals.add("10.1.0." + sender, "nonsense");
        }
        refusals.add(new Refusals.Refused("resource.claimed", "10.6.6.6", "", null), "10.6.6.6 asks");
        assertEquals(List.of("10.6.6.6 asks"), alarms("resource.claimed"));
    }

    @Test
    public void whoCameTooLateToBeNamedIsNamedInTheNextHour() {
        for (int sender = 0; sender < 30; sender++) {
            refusals.add("10.1.0." + sender, "nonsense");
        }
        refusals.add("10.6.6.6", "nonsense");
        assertEquals(30, alarms("request.refused").size());
        for (int minute = 0; minute < HOUR; minute++) {
            refusals.flush();
        }
        refusals.add("10.6.6.6", "nonsense");
        assertEquals(
                "Refused a request of 10.6.6.6: nonsense",
                alarms("request.refused").get(0));
    }

    /** What is told, the newest first. */
    private List<String> alarms(String type) {
        return core.database.read(
                handle -> handle.createQuery("select description from event where type = :type order by id desc")
                        .bind("type", type)
                        .mapTo(String.class)
                        .list());
    }
}
