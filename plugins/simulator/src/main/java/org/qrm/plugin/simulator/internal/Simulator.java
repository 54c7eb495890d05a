package org.qrm.plugin.simulator.internal;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;
import org.qrm.api.admission.Admissions;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.admission.ExpectedMachineField;
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

    private final Admissions admissions;
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
    public Simulator(@Reference ServerSettings server, @Reference Admissions admissions, Settings settings) {
        this.admissions = admissions;
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
        add(1, settings.machines(), profile());
    }

    /** Whoever asks for machines has thereby admitted them. */
    private void add(int first, int count, MachineProfile profile) {
        admissions.expect(
                SimulatedRack.macs(first, count).stream()
                        .map(mac -> new ExpectedMachine(0, new MacAddress(mac), null, null, null))
                        .toList(),
                false);
        rack.add(first, count, profile, Duration.ofMillis(10L * count));
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
        add(first, count, wanted);
    }

    /** Takes all machines away. */
    synchronized void clear() {
        running = false;
        List<MacAddress> all = rack.machines().stream()
                .map(machine -> new MacAddress(machine.mac()))
                .toList();
        rack.keepUpTo(0);
        all.forEach(this::expectNoLonger);
    }

    private void expectNoLonger(MacAddress mac) {
        admissions
                .expected(
                        Filter.by(ExpectedMachineField.MAC, mac.value()),
                        Sort.by(ExpectedMachineField.ID),
                        PageRequest.FIRST)
                .items()
                .forEach(machine -> admissions.forget(machine.id(), Expected.any()));
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
