package org.qrm.commands.noun;

import static org.junit.Assert.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.Test;
import org.qrm.api.resource.LoadSample;

public class LoadsViewTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    public void eachMinuteHasItsPlaceAndThoseWithoutAReportAreEmpty() {
        LoadsView view = LoadsView.of(
                7,
                List.of(
                        sample("2026-01-02T02:04:00Z", 9),
                        sample("2026-01-02T02:05:00Z", 0.5),
                        sample("2026-01-02T03:04:00Z", 1.25)),
                NOW);
        assertEquals(7, view.resource());
        assertEquals(Instant.parse("2026-01-02T02:05:00Z"), view.from());
        assertEquals(60, view.loads().size());
        assertEquals(0.5, view.loads().get(0), 0);
        assertEquals(1.25, view.loads().get(59), 0);
        assertEquals(-1, view.loads().get(1), 0);
        assertEquals("what is older than an hour is left out", 2, heard(view));
    }

    private static long heard(LoadsView view) {
        return view.loads().stream().filter(load -> load >= 0).count();
    }

    private static LoadSample sample(String minute, double load) {
        return new LoadSample(Instant.parse(minute), load);
    }
}
