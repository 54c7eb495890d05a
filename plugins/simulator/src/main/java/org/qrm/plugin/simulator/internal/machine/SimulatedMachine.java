package org.qrm.plugin.simulator.internal.machine;

/**
 * A machine that exists only as talk: switched on, it fetches its boot configuration, registers, reports and obeys as
 * docs/node-protocol.md says. All its methods may be called from any thread.
 */
public final class SimulatedMachine {

    private final MachineIdentity identity;
    private final MachineProfile profile;
    private final Surroundings surroundings;
    private Fault fault = Fault.NONE;
    private Run run;
    private String usedToken;

    /**
     * What can be seen of a machine.
     *
     * @param number its number in the rack
     * @param mac the card it boots from
     * @param phase where it is
     * @param fault what is wrong with it
     * @param resource its id on the server, empty before it has registered
     * @param environment the virtual environment that it starts or runs, or empty
     * @param trouble what went wrong last, or empty
     */
    public record Status(
            int number, String mac, Phase phase, Fault fault, String resource, String environment, String trouble) {}

    SimulatedMachine(int number, MachineProfile profile, Surroundings surroundings) {
        this.identity = new MachineIdentity(number);
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
        run = null;
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
        return run == null
                ? new Status(identity.number(), mac(), Phase.OFF, fault, "", "", "")
                : new Status(
                        identity.number(), mac(), run.phase(), fault, run.resource(), run.environment(), run.trouble());
    }

    /** The card it boots from: {@code 02:51:51:00:00:01}. */
    public String mac() {
        return identity.mac();
    }

    public synchronized Phase phase() {
        return run == null ? Phase.OFF : run.phase();
    }

    void restart() {
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
