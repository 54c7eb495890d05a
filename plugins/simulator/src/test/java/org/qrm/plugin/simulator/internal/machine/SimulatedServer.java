package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import org.qrm.netboot.internal.NetbootServer;

/** A server that simulated machines boot from, over a core that a test scripts. */
public final class SimulatedServer extends ExternalResource {

    final ScriptedCore core = new ScriptedCore();
    private final TemporaryFolder folder = new TemporaryFolder();
    private final NetbootServer server = new NetbootServer(folder, core);
    private SimulatedRack rack;

    @Override
    public Statement apply(Statement base, Description description) {
        return RuleChain.outerRule(folder).around(server).apply(super.apply(base, description), description);
    }

    @Override
    protected void before() throws Exception {
        server.serveDefaultImage();
        core.http = server.http();
        core.https = server.https();
        core.digest = server.certificateDigest();
    }

    @Override
    protected void after() {
        if (rack != null) {
            rack.close();
        }
    }

    /** Machines that lose their power with the server. */
    SimulatedRack closing(SimulatedRack newRack) {
        rack = newRack;
        return rack;
    }

    /** Machines around it. */
    SimulatedRack rack() {
        return closing(new SimulatedRack(URI.create(server.http())));
    }

    /** As the server's settings say it. */
    public String address() {
        return URI.create(server.http()).getHost();
    }

    /** As the server's settings say it. */
    public int httpPort() {
        return URI.create(server.http()).getPort();
    }
}
