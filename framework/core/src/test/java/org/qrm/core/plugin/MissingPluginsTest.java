package org.qrm.core.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.Event;
import org.qrm.api.health.HealthResult.Status;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.event.EventLogService;
import org.qrm.core.store.Database;
import org.qrm.core.store.TestDatabase;

public class MissingPluginsTest {

    private final Database database = TestDatabase.fresh();
    private final PluginCalls calls = new PluginCalls();
    private final Whiteboard<Plugin> board = new Whiteboard<>(calls);
    private final Whiteboard<ConfigurationWizard> wizards = new Whiteboard<>(calls);
    private final PresentPlugins present = new PresentPlugins(board, wizards, calls, Whiteboard.Refusals.UNHEARD);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final Kvm kvm = new Kvm("guests");
    private MissingPlugins missing = new MissingPlugins(database, present, new ActingPlugins(database, present), clock);

    @Before
    public void registerOne() {
        board.arrived(kvm, 0);
        database.change(change -> {
            PluginRows.insert(
                    change.handle(),
                    "kvm",
                    PluginState.ACTIVE,
                    present.find("kvm").orElseThrow());
            return null;
        });
        missing.round();
    }

    @After
    public void close() {
        missing.close();
        calls.close();
        database.close();
    }

    @Test
    public void whatIsThereIsNoProblem() {
        pass(Duration.ofHours(1));
        assertEquals(List.of(), events());
        assertEquals(Status.OK, missing.execute().status());
        assertEquals(List.of(), missing.now());
    }

    @Test
    public void whatIsAwayForAMomentIsNoProblem() {
        board.left(kvm);
        missing.round();
        assertEquals(List.of("kvm"), missing.now());
        pass(MissingPlugins.GRACE.minusMillis(1));
        board.arrived(kvm, 0);
        pass(Duration.ofMillis(1));
        assertEquals(List.of(), events());
        assertEquals(Status.OK, missing.execute().status());
    }

    @Test
    public void whatStaysAwayIsToldOfOnceAndIsAWarning() {
        goAway();
        pass(Duration.ofHours(1));
        assertEquals(1, events().size());
        Event event = events().get(0);
        assertEquals("plugin/kvm", event.subject());
        assertTrue(
                event.description(),
                event.description().startsWith("Plug-in kvm is active, but its bundle is not there"));
        assertTrue(event.description(), event.description().contains("qrm plugin add-file"));
        assertEquals(Status.WARN, missing.execute().status());
        assertTrue(missing.execute().message(), missing.execute().message().contains("kvm"));
    }

    @Test
    public void aServerThatStartsAgainDoesNotTellOfItAgain() {
        goAway();
        missing.close();
        missing = new MissingPlugins(database, present, new ActingPlugins(database, present), clock);
        missing.round();
        assertEquals("it may be on its way", Status.OK, missing.execute().status());
        pass(MissingPlugins.GRACE);
        assertEquals(1, events().size());
        assertEquals(Status.WARN, missing.execute().status());
    }

    @Test
    public void itIsOverWhenItComesBack() {
        goAway();
        board.arrived(kvm, 0);
        missing.round();
        assertTrue(events().get(0).resolved());
        assertEquals(Status.OK, missing.execute().status());
        goAway();
        assertEquals("a second time is a second event", 2, events().size());
    }

    @Test
    public void itIsOverWhenItCameBackWhileTheServerWasDown() {
        goAway();
        missing.close();
        board.arrived(kvm, 0);
        missing = new MissingPlugins(database, present, new ActingPlugins(database, present), clock);
        missing.round();
        assertTrue(events().get(0).resolved());
    }

    @Test
    public void itIsNoWarningWhenNobodyWantsItAnyMore() {
        goAway();
        database.change(change -> {
            PluginRows.delete(change.handle(), "kvm");
            return null;
        });
        missing.round();
        assertEquals(Status.OK, missing.execute().status());
    }

    @Test
    public void theRowHoldsWhatTheOneThatRanLastSaid() {
        board.left(kvm);
        Kvm newer = new Kvm("guests, and snapshots");
        board.arrived(newer, 0);
        missing.round();
        board.left(newer);
        missing.round();
        PluginRow row = database.read(handle -> PluginRows.find(handle, "kvm")).orElseThrow();
        assertEquals("guests, and snapshots", row.description());
    }

    private void goAway() {
        board.left(kvm);
        missing.round();
        pass(MissingPlugins.GRACE);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        missing.round();
    }

    private List<Event> events() {
        return new EventLogService(database)
                .list(Filter.all(), new PageRequest(100, null)).items().stream()
                        .filter(event -> event.type().equals(MissingPlugins.TYPE))
                        .toList();
    }

    private record Kvm(String description) implements Plugin {

        @Override
        public String id() {
            return "kvm";
        }

        @Override
        public void install(WorkContext work) {}

        @Override
        public void runOnce(WorkContext work) {}

        @Override
        public void uninstall(WorkContext work) {}
    }
}
