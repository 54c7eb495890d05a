package org.qrm.plugin.simulator.internal.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A machine that exists only as talk: switched on, it fetches its boot configuration, registers, reports and obeys as
 * docs/node-protocol.md says. All its methods may be called from any thread.
 */
public final class SimulatedMachine {

    private final MachineIdentity identity;
    private volatile MachineProfile profile;
    private final Surroundings surroundings;
    private Fault fault = Fault.NONE;
    private Run run;
    private String usedToken;
    private SimulatedHost host;
    private boolean paused;
    private final List<Runnable> postponed = new ArrayList<>();

    /**
     * What can be seen of a machine.
     *
     * @param number its number in the rack, 0 for a partition
     * @param mac the card it boots from
     * @param phase where it is
     * @param fault what is wrong with it
     * @param resource its id on the server, empty before it has registered
     * @param environment the virtual environment that it starts or runs, or empty
     * @param trouble what went wrong last, or empty
     */
    public record Status(
            int number, String mac, Phase phase, Fault fault, String resource, String environment, String trouble) {}

    SimulatedMachine(MachineIdentity identity, MachineProfile profile, Surroundings surroundings) {
        this.identity = identity;
        this.profile = profile;
        this.surroundings = surroundings;
    }

    /** Switches it on; nothing happens when it is on. */
    public synchronized void powerOn() {
        if (run == null) {
            restart();
        }
    }

    /** Takes the power away. */
    public synchronized void powerOff() {
        end();
    }

    /** What runs on it, and whoever stands still in its memory, is gone with its power. */
    private void end() {
        run = null;
        paused = false;
        postponed.clear();
        if (host != null) {
            host.close();
            host = null;
        }
    }

    /** Has it shut down, as its system does when its power button is pushed. */
    public synchronized void shutDown() {
        if (run != null && !paused) {
            run.shutDown();
        }
    }

    /** Stops its CPUs: nothing happens in it until it is resumed. */
    public synchronized void pause() {
        paused = run != null;
    }

    /** Ends a pause; does nothing otherwise. */
    public synchronized void resume() {
        paused = false;
        List<Runnable> work = List.copyOf(postponed);
        postponed.clear();
        work.forEach(Runnable::run);
    }

    /** Whether it stands still; what it was about to do is done when it goes on, then. */
    boolean postpones(Runnable work) {
        if (paused) {
            postponed.add(work);
        }
        return paused;
    }

    /** What it is as a host of partitions: only while it is up in its image, and answers. */
    public synchronized Optional<SimulatedHost> host() {
        if (phase() != Phase.ACTIVE || fault == Fault.SILENT) {
            return Optional.empty();
        }
        if (host == null) {
            host = new SimulatedHost(profile, surroundings);
        }
        return Optional.of(host);
    }

    /** The partitions that it knows. */
    synchronized List<SimulatedMachine> guests() {
        return host == null ? List.of() : host.machines();
    }

    /** Gives it other hardware, which it finds when it boots next. */
    void rebuild(MachineProfile newProfile) {
        profile = newProfile;
    }

    /** Takes the power away and gives it back. */
    public synchronized void powerCycle() {
        restart();
    }

    /** Breaks or repairs it; what hangs already goes on hanging until it is switched off. */
    public synchronized void fault(Fault newFault) {
        fault = newFault;
    }

    public synchronized Status status() {
        int number = identity.kind() == MachineKind.NODE ? identity.number() : 0;
        return run == null
                ? new Status(number, mac(), Phase.OFF, fault, "", "", "")
                : new Status(number, mac(), phase(), fault, run.resource(), run.environment(), run.trouble());
    }

    /** The card it boots from: {@code 02:51:51:00:00:01}. */
    public String mac() {
        return identity.mac();
    }

    public synchronized Phase phase() {
        if (run == null) {
            return Phase.OFF;
        }
        return paused ? Phase.PAUSED : run.phase();
    }

    void restart() {
        end();
        run = new Run(this, surroundings);
        run.begin();
    }

    boolean runs(Run other) {
        return run == other;
    }

    Fault fault() {
        return fault;
    }

    MachineIdentity identity() {
        return identity;
    }

    MachineProfile profile() {
        return profile;
    }

    /** The token to register with: that of its configuration, unless it is a thief. */
    String tokenFor(String given) {
        if (fault == Fault.REUSE_TOKEN && usedToken != null) {
            return usedToken;
        }
        usedToken = given;
        return given;
    }
}
