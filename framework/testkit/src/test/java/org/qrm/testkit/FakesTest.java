package org.qrm.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.Priority;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.SshHost;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.resource.Resources;
import org.qrm.api.settings.ObjectKind;

public class FakesTest {

    @Test
    public void eventsAreFoundByWhatIsAskedFor() {
        FakeEvents events = new FakeEvents();
        Event first = events.record(Priority.INFO, "spare", "spare.memory", "resource/1", "a lot", 1L);
        events.record(Priority.ERROR, "core", "resource.state", "resource/2", "silent", null);
        assertEquals(
                List.of(first),
                events.list(Filter.by(EventField.SOURCE, "spare").and(EventField.RESOURCE, 1L), PageRequest.FIRST)
                        .items());
        assertEquals(
                1,
                events.list(Filter.by(EventField.AT_LEAST, Priority.WARNING), PageRequest.FIRST)
                        .items()
                        .size());
        assertEquals(
                2, events.list(Filter.all(), PageRequest.FIRST).items().get(0).id());
        events.acknowledge(1);
        events.resolve("resource.state", "resource/2");
        assertTrue(events.all().get(0).acknowledged());
        assertTrue(events.all().get(1).resolved());
        assertThrows(QrmException.class, () -> events.acknowledge(3));
    }

    @Test
    public void answersAreThoseAboutThatMachine() {
        Resource machine = Machine.node(12).resource();
        FakeSettings settings = new FakeSettings().about(machine, "ipmi", Map.of("address", "10.0.0.12"));
        assertEquals(
                "10.0.0.12",
                settings.open(ObjectKind.RESOURCE, "12", "ipmi").orElseThrow().get("address"));
        assertFalse(settings.isAnswered(ObjectKind.RESOURCE, "12", "redfish"));
        assertFalse(settings.isAnswered(ObjectKind.RESOURCE, "13", "ipmi"));
        settings.clear(ObjectKind.RESOURCE, "12", "ipmi");
        assertFalse(settings.isAnswered(ObjectKind.RESOURCE, "12", "ipmi"));
    }

    @Test
    public void aPluginIsWhereATestPutsIt() {
        FakePlugins plugins = new FakePlugins("spare").in(PluginState.INSTALLED).answered(Map.of("a", "b"));
        assertEquals(PluginState.INSTALLED, plugins.find("spare").orElseThrow().state());
        assertEquals(Map.of("a", "b"), plugins.answers("spare"));
        assertThrows(QrmException.class, () -> plugins.answers("other"));
    }

    @Test
    public void commandsReachThePlayedMachineUntilItIsAway() {
        FakeCommands commands =
                new FakeCommands().machine(3, (words, input) -> FakeCommands.well(String.join(" ", words) + input));
        Command list = Command.of(Duration.ofMillis(50), "xen/list");
        assertEquals("xen/list", commands.runOnMachine(3, list).output());
        assertEquals(List.of("3 xen/list"), commands.asked());
        assertThrows(QrmException.class, () -> commands.run(new SshHost("10.0.0.1", 22, null), list));
        commands.hang();
        assertEquals(Problem.Kind.TIMEOUT, kind(commands, list));
        commands.disconnect();
        assertEquals(Problem.Kind.UNREACHABLE, kind(commands, list));
    }

    private static Problem.Kind kind(FakeCommands commands, Command command) {
        return assertThrows(QrmException.class, () -> commands.runOnMachine(3, command))
                .problem()
                .kind();
    }

    /** Plays one method. */
    public static final class One {
        public List<Object> load(long id) {
            return List.of(id);
        }
    }

    @Test
    public void whatIsNotPlayedMustNotBeCalled() {
        Resources resources = Played.by(Resources.class, new One());
        assertEquals(List.of(7L), resources.load(7));
        assertThrows(AssertionError.class, () -> resources.find(7));
        assertTrue(List.of(resources).contains(resources));
        assertThrows(AssertionError.class, () -> Played.unused(Resources.class).load(7));
    }

    @Test
    public void aMachineLikeAnotherIsEqual() {
        Resource machine = Machine.partition(300, 3, "xen")
                .named("p1")
                .in(ResourceState.ACTIVE)
                .boundTo("web1")
                .cards(2)
                .resource();
        assertEquals(machine, Machine.like(machine).resource());
        assertEquals("02:00:00:00:01:2c", machine.hardware().nics().get(0).mac().value());
    }
}
