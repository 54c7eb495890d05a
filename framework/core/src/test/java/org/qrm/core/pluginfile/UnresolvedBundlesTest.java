package org.qrm.core.pluginfile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.Event;
import org.qrm.api.health.HealthResult.Status;
import org.qrm.core.event.EventLogService;
import org.qrm.core.pluginfile.UnresolvedBundles.Unresolved;
import org.qrm.core.store.Database;
import org.qrm.core.store.TestDatabase;

public class UnresolvedBundlesTest {

    private static final Unresolved METER =
            new Unresolved("org.example.meter", "Bundle org.example.meter 1.0.0", "it requires another API");

    private final Database database = TestDatabase.fresh();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private List<Unresolved> there = List.of(METER);
    private UnresolvedBundles bundles = new UnresolvedBundles(database, () -> there, clock);

    @After
    public void close() {
        bundles.close();
        database.close();
    }

    @Test
    public void whatIsNotResolvedForAMomentIsNoProblem() {
        bundles.round();
        pass(UnresolvedBundles.GRACE.minusMillis(1));
        there = List.of();
        pass(Duration.ofMillis(1));
        assertEquals(List.of(), events());
        assertEquals(Status.OK, bundles.execute().status());
    }

    @Test
    public void whatStaysSoIsToldOfOnceWithItsReasonAndIsAWarning() {
        last();
        pass(Duration.ofHours(1));
        assertEquals(1, events().size());
        Event event = events().get(0);
        assertEquals("bundle/org.example.meter", event.subject());
        for (String said : List.of(event.description(), bundles.execute().message())) {
            assertTrue(said, said.contains("org.example.meter 1.0.0"));
            assertTrue(said, said.contains("it requires another API. Install a version of it"));
        }
        assertEquals(Status.WARN, bundles.execute().status());
    }

    @Test
    public void aServerThatStartsAgainDoesNotTellOfItAgain() {
        last();
        startAgain();
        there = List.of();
        bundles.round();
        there = List.of(METER);
        last();
        assertEquals(1, events().size());
        assertEquals(Status.WARN, bundles.execute().status());
    }

    @Test
    public void itIsOverWhenItIsResolvedOrTakenAway() {
        last();
        there = List.of();
        bundles.round();
        assertTrue(events().get(0).resolved());
        assertEquals(Status.OK, bundles.execute().status());
        there = List.of(METER);
        last();
        assertEquals("a second time is a second event", 2, events().size());
    }

    @Test
    public void itIsOverWhenItWasMendedWhileTheServerWasDown() {
        last();
        startAgain();
        there = List.of();
        bundles.round();
        pass(UnresolvedBundles.GRACE);
        assertTrue(events().get(0).resolved());
    }

    @Test
    public void aRangeIsShownAsAnImportHasIt() {
        String[][] table = {
            {"(&(osgi.wiring.package=a)(version>=1.2.0)(!(version>=2.0.0)))", "[1.2.0,2.0.0)"},
            {"(&(osgi.wiring.package=a)(!(version<=1.2.0))(version<=2.0.0))", "(1.2.0,2.0.0]"},
            {"(&(osgi.wiring.package=a)(!(version>=2.0.0)))", "[0,2.0.0)"},
            {"(&(osgi.wiring.package=a)(version>=1.2.0))", "1.2.0 or later"},
            {"(&(osgi.wiring.package=a)(version>=0.0.0))", ""},
            {"(osgi.wiring.package=a)", ""},
        };
        for (String[] row : table) {
            assertEquals(row[0], row[1], Missing.range(row[0]));
        }
    }

    @Test
    public void whatIsMissingIsSaidInWords() {
        assertEquals("org.a, which nobody provides", Missing.text("org.a", "", List.of()));
        assertEquals("org.a in version [2,3), and there is 1.0.0", Missing.text("org.a", "[2,3)", List.of("1.0.0")));
        assertEquals(
                "org.qrm.api.plugin in version [2,3), and there is 1.0.0 (it was made for another version of QRM)",
                Missing.text("org.qrm.api.plugin", "[2,3)", List.of("1.0.0")));
        assertEquals("org.qrm.apis, which nobody provides", Missing.text("org.qrm.apis", "", List.of()));
    }

    private void last() {
        bundles.round();
        pass(UnresolvedBundles.GRACE);
    }

    private void startAgain() {
        bundles.close();
        bundles = new UnresolvedBundles(database, () -> there, clock);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        bundles.round();
    }

    private List<Event> events() {
        return new EventLogService(database)
                .list(Filter.all(), new PageRequest(100, null)).items().stream()
                        .filter(event -> event.type().equals(UnresolvedBundles.TYPE))
                        .toList();
    }
}
