package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.After;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.core.CoreFixture;
import org.qrm.core.Limits;
import org.qrm.core.TestMachine;

/** A machine that boots from its own disk when it is told to, and somebody who switches it. */
public abstract class DiskSite {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    CoreFixture core;
    long id;

    void open(Limits limits, PowerController... boards) throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), limits);
        core.controllers.addAll(List.of(boards));
        id = core.nodes()
                .register(new TestMachine(core::nodes, 1, 2, 1024).registration())
                .resource();
    }

    @After
    public void close() {
        core.close();
    }

    Operation act(ResourceAction action) throws InterruptedException {
        return done(core.resources.act(id, action));
    }

    Operation done(Operation asked) throws InterruptedException {
        Operation over = core.await(asked);
        assertEquals(over.toString(), OperationState.DONE, over.state());
        return over;
    }

    String log(Operation operation) {
        return core.operations.log(operation.id()).stream()
                .map(LogLine::text)
                .toList()
                .toString();
    }

    Resource resource() {
        return core.resources.find(id).orElseThrow();
    }
}
