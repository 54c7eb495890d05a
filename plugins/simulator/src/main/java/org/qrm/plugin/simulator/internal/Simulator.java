package org.qrm.plugin.simulator.internal;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.server.ServerSettings;
import org.qrm.plugin.simulator.internal.machine.MachineProfile;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;
import org.qrm.plugin.simulator.internal.machine.SimulatedRack;

/** The simulated machines inside this server. They lose their power when the bundle stops. */
@Component(service = Simulator.class, configurationPid = "org.qrm.plugin.simulator")
public class Simulator {

    private final SimulatedRack rack;
    private volatile Settings settings;
    private boolean running;

    /** What the wizard asked for. */
    public @interface Settings {
        /** How many machines. */
        int machines() default 10;

        int cpus() default 4;

        int cpuMhz() default 2400;

        long memoryMb() default 8192;

        int nics() default 2;

        /** 2: they take half the time for everything. */
        double speed() default 1;
    }

    @Activate
    public Simulator(@Reference ServerSettings server, Settings settings) {
        this.rack = new SimulatedRack(URI.create("http://" + server.address() + ":" + server.httpPort()));
        this.settings = settings;
    }

    /** After a restart of the server the machines of an active plug-in come back by themselves. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setPlugins(Plugins plugins) {
        new Thread(() -> startIfActive(plugins), "qrm-simulator-start").start();
    }

    void unsetPlugins(Plugins plugins) {
        // the machines stay as they are
    }

    private void startIfActive(Plugins plugins) {
        boolean active = plugins.find(SimulatorPlugin.ID)
                .filter(plugin -> plugin.state() == PluginState.ACTIVE)
                .isPresent();
        if (active) {
            start();
        }
    }

    @Modified
    synchronized void modified(Settings changed) {
        settings = changed;
        if (running) {
            rack.keepUpTo(changed.machines());
            start();
        }
    }

    @Deactivate
    void stop() {
        rack.close();
    }

    /** Switches on as many machines as were asked for; those that exist keep their hardware. */
    synchronized void start() {
        running = true;
        rack.add(1, settings.machines(), profile(), Duration.ofMillis(10L * settings.machines()));
    }

    /**
     * Adds machines beside those that were asked for, until the bundle stops.
     *
     * @param memoryMb MiB of each; null for as many as is configured
     * @param nics cards of each; null for as many as is configured
     */
    public void add(int count, Long memoryMb, Integer nics) {
        int first = rack.machines().size() + 1;
        MachineProfile usual = profile();
        MachineProfile wanted = usual.withHardware(
                usual.cpus(),
                usual.cpuMhz(),
                memoryMb == null ? usual.memoryMb() : memoryMb,
                nics == null ? usual.nics() : nics);
        rack.add(first, count, wanted, Duration.ofMillis(10L * count));
    }

    /** Takes all machines away. */
    synchronized void clear() {
        running = false;
        rack.keepUpTo(0);
    }

    public SimulatedRack rack() {
        return rack;
    }

    Optional<SimulatedMachine> find(MacAddress mac) {
        return rack.findByMac(mac.value());
    }

    private MachineProfile profile() {
        Settings now = settings;
        return MachineProfile.DEFAULT
                .withHardware(now.cpus(), now.cpuMhz(), now.memoryMb(), now.nics())
                .withSpeed(now.speed());
    }
}
