package com.example.spare;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.environment.Requirements;
import org.qrm.api.event.Event;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.AssignmentListenerContract;
import org.qrm.testkit.Environment;
import org.qrm.testkit.FakeEvents;
import org.qrm.testkit.FakePlugins;
import org.qrm.testkit.Machine;
import org.qrm.testkit.TestWork;

/** Checks what the server relies on of any listener, and then what this one is for. */
public class StartListenerTest extends AssignmentListenerContract {

    private final FakeEvents events = new FakeEvents();
    private final FakePlugins plugins =
            new FakePlugins(SpareMemoryPlugin.ID).answered(Map.of(Settings.SPARE_MEMORY, "1000"));

    @Override
    protected AssignmentListener listener() {
        return new StartListener(plugins, new Remarks(events));
    }

    @Override
    protected Assignment concerned() {
        return Environment.named("web1")
                .needing(new Requirements(0, 0, 500, 0))
                .on(Machine.node(1).hardware(2, 2000, 8000).resource());
    }

    /** It does not say what it needs. */
    @Override
    protected List<Assignment> unconcerned() {
        return List.of(Environment.named("web2").on(Machine.node(2).resource()));
    }

    @Override
    protected List<String> traces(Resource machine) {
        return events.all().stream()
                .filter(event -> event.resource() == machine.id())
                .map(Event::description)
                .toList();
    }

    @Test
    public void remarksOnMemoryToSpare() {
        listener().afterAssign(concerned(), new TestWork());
        assertEquals(
                List.of("web1 asks for 500 MiB and runs on node-1, which has 7500 MiB more."),
                traces(concerned().resource()));
    }

    @Test
    public void saysNothingBeforeItIsActive() {
        plugins.in(PluginState.INSTALLED);
        listener().afterAssign(concerned(), new TestWork());
        assertEquals(List.of(), events.all());
    }
}
