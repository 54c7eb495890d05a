package org.qrm.plugin.redfish.internal;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.PowerState;

/**
 * Brings one machine's power to what is wanted, and looks whether it is: a service that took an order has not carried it out yet,
 * and may lose it.
 */
final class PowerSwitch {

    /** The button does the same to a machine that is on. */
    private static final List<String> SHUT_DOWN = List.of("GracefulShutdown", "PushPowerButton");

    private final Conversation talk;
    private final WorkContext work;
    private final Pace pace;
    private final Instant end;
    private NextBoot boot = NextBoot.NETWORK;

    /** @param end of its time, somewhat before the work's, so that there is time to tell what was wrong */
    PowerSwitch(Conversation talk, WorkContext work, Pace pace, Instant end) {
        this.talk = talk;
        this.work = work;
        this.pace = pace;
        this.end = end;
    }

    /** Boots from there, and not from the network; unless its boot devices are left alone. */
    PowerSwitch booting(BootDevice device) {
        boot = NextBoot.of(device);
        return this;
    }

    /**
     * Returns when it is as wanted; after an order, when two looks in turn say so.
     *
     * @throws QrmException what was wrong before the first order; later what does not pass by itself; TIMEOUT
     */
    void bring(PowerState wanted) {
        long started = System.nanoTime();
        long ordered = started;
        int orders = 0;
        boolean seen = false;
        String heard = "the service was not asked";
        URI place = null;
        while (true) {
            inTime(wanted, orders, heard);
            try {
                ComputerSystem system = place == null ? ComputerSystem.find(talk) : ComputerSystem.at(talk, place);
                place = system.answer().place();
                heard = heard(system);
                boolean there = system.is(wanted);
                if (there && (seen || orders == 0)) {
                    reached(wanted, orders, started);
                    return;
                }
                seen = there;
                if (!there && isDue(orders, system.isMoving(), ordered)) {
                    // counted before: one that is not answered may have arrived
                    orders++;
                    try {
                        order(wanted, system, orders);
                    } finally {
                        ordered = System.nanoTime();
                    }
                }
            } catch (QrmException fault) {
                if (orders == 0 || fault.problem().kind() != Problem.Kind.UNREACHABLE) {
                    throw inTimeOr(fault, wanted, orders, heard);
                }
                seen = false;
                heard = fault.problem().reason();
            }
            work.progress(
                    orders == 0 ? 0 : 0.5, "waiting until " + talk.service().machine() + " is " + word(wanted));
            pause();
        }
    }

    /** Its system is asked once, and may do about it what it likes. */
    void askToShutDown() {
        ComputerSystem system = ComputerSystem.find(talk);
        if (system.is(PowerState.OFF)) {
            work.log(talk.service().subject() + " is off already");
            return;
        }
        String type = resetType(SHUT_DOWN, system.resetTypes(talk));
        Answer answer = talk.post(system.resetTarget(talk), Json.empty().put("ResetType", type));
        if (!answer.isGood()) {
            throw talk.fault().refused(answer);
        }
        work.log(talk.service().subject() + " is told: " + type);
    }

    /** It is told once, and may be on or off. */
    void bootNext() {
        String said = talk.service().bootFromNetwork()
                ? boot.require(talk, ComputerSystem.find(talk))
                : "its boot devices are left alone, as was answered (bootFromNetwork)";
        work.log(talk.service().subject() + ": " + said);
    }

    private boolean isDue(int orders, boolean moving, long ordered) {
        // while it moves, an order more would be refused
        long patience = pace.repeat().toNanos() * (moving ? 3 : 1);
        return orders == 0 && !moving || System.nanoTime() - ordered >= patience;
    }

    private String heard(ComputerSystem system) {
        String told = system.powerState();
        return told.isEmpty()
                ? "the service does not tell its power (PowerState)"
                : "the service says that its power is " + talk.service().discreet(told);
    }

    private void order(PowerState wanted, ComputerSystem system, int orders) {
        URI target = system.resetTarget(talk);
        List<String> fitting = wanted == PowerState.ON ? List.of("On", "ForceOn") : List.of("ForceOff");
        String type = resetType(fitting, system.resetTypes(talk));
        if (wanted == PowerState.ON && talk.service().bootFromNetwork()) {
            work.log(talk.service().subject() + ": " + boot.set(talk, system));
        }
        work.log(talk.service().subject() + (orders == 1 ? " is told: " : " is told again: ") + type);
        Answer answer = talk.post(target, Json.empty().put("ResetType", type));
        if (!answer.isGood()) {
            QrmException refused = talk.fault().refused(answer);
            work.log(talk.service().subject() + ": " + refused.problem().reason());
            // one that is given again may be refused because the former has begun to work
            if (orders == 1 || answer.status() == 401 || answer.status() == 403) {
                throw refused;
            }
        }
    }

    private String resetType(List<String> fitting, Set<String> offered) {
        if (offered.isEmpty()) {
            return fitting.get(0);
        }
        return fitting.stream()
                .filter(offered::contains)
                .findFirst()
                .orElseThrow(() -> talk.fault()
                        .odd("the service does not offer " + String.join(" or ", fitting) + ", only: "
                                + talk.service().discreet(String.join(", ", offered))));
    }

    private void reached(PowerState wanted, int orders, long started) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
        work.log(talk.service().subject()
                + (orders == 0
                        ? " is " + word(wanted) + " already"
                        : " is " + word(wanted) + " after " + seconds + " s"));
        work.progress(1, talk.service().machine() + " is " + word(wanted));
    }

    private void inTime(PowerState wanted, int orders, String heard) {
        // first: whoever comes late by more than the reserve has this to say, too
        if (!Instant.now().isBefore(end)) {
            throw late(wanted, orders, heard);
        }
        work.checkpoint();
    }

    /** Between two requests of one look the time may end, too. */
    private QrmException inTimeOr(QrmException fault, PowerState wanted, int orders, String heard) {
        return fault.problem().kind() == Problem.Kind.TIMEOUT ? late(wanted, orders, heard) : fault;
    }

    private QrmException late(PowerState wanted, int orders, String heard) {
        String told = orders == 0
                ? ""
                : orders == 1 ? ", though it was told once" : ", though it was told " + orders + " times";
        return talk.fault().late("it is not " + word(wanted) + " in time" + told + "; at last " + heard);
    }

    private static String word(PowerState state) {
        return state == PowerState.ON ? "on" : "off";
    }

    private void pause() {
        Duration left = Duration.between(Instant.now(), end);
        work.pause(left.compareTo(pace.look()) < 0 ? left : pace.look());
    }
}
