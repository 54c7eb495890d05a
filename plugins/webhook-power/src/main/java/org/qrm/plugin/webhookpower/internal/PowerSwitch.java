package org.qrm.plugin.webhookpower.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerState;

/** Brings one machine's power to what is wanted, and looks whether it is, where that is told. */
final class PowerSwitch {

    private final Caller caller;
    private final WorkContext work;
    private final Pace pace;

    PowerSwitch(Caller caller, WorkContext work, Pace pace) {
        this.caller = caller;
        this.work = work;
        this.pace = pace;
    }

    /**
     * Returns when it is as wanted; after an order, when two looks in turn say so. Where nobody tells, when the order was taken.
     *
     * @throws QrmException what was wrong before the first order; later what does not pass by itself; TIMEOUT
     */
    void bring(PowerState wanted) {
        if (caller.service().tellsState()) {
            bringAndLook(wanted);
            return;
        }
        work.checkpoint();
        caller.order(wanted);
        work.log(subject() + " was told: " + word(wanted) + "; nobody tells whether it is");
        work.progress(1, caller.service().machine() + " was told: " + word(wanted));
    }

    private void bringAndLook(PowerState wanted) {
        long started = System.nanoTime();
        long ordered = started;
        int orders = 0;
        boolean seen = false;
        String heard = "the service was not asked";
        while (true) {
            inTime(wanted, orders, heard);
            try {
                Meaning.Understood now = caller.ask();
                heard = caller.service().discreet(now.said());
                boolean there = now.state() == wanted;
                if (there && (seen || orders == 0)) {
                    reached(wanted, orders, started);
                    return;
                }
                seen = there;
                if (!there
                        && (orders == 0
                                || System.nanoTime() - ordered >= pace.repeat().toNanos())) {
                    // counted before: one that is not answered may have arrived
                    orders++;
                    ordered = System.nanoTime();
                    work.log(subject() + (orders == 1 ? " is told: " : " is told again: ") + word(wanted));
                    caller.order(wanted);
                }
            } catch (QrmException failed) {
                if (orders == 0 || failed.problem().kind() != Problem.Kind.UNREACHABLE) {
                    throw failed.problem().kind() == Problem.Kind.TIMEOUT ? late(wanted, orders, heard) : failed;
                }
                seen = false;
                heard = failed.problem().reason();
                work.log(subject() + ": " + heard);
            }
            work.progress(
                    orders == 0 ? 0 : 0.5, "waiting until " + caller.service().machine() + " is " + word(wanted));
            pause(pace.look());
        }
    }

    /** Its system is asked once, and may do about it what it likes. */
    void askToShutDown() {
        work.checkpoint();
        if (caller.service().tellsState() && caller.ask().state() == PowerState.OFF) {
            work.log(subject() + " is off already");
            return;
        }
        caller.shutDown();
        work.log(subject() + " was told: shut down");
    }

    /** Between off and on. */
    void rest() {
        pause(pace.dark());
    }

    private void reached(PowerState wanted, int orders, long started) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
        work.log(subject() + " is " + word(wanted) + (orders == 0 ? " already" : " after " + seconds + " s"));
        work.progress(1, caller.service().machine() + " is " + word(wanted));
    }

    private void inTime(PowerState wanted, int orders, String heard) {
        work.checkpoint();
        if (!Instant.now().isBefore(caller.end())) {
            throw late(wanted, orders, heard);
        }
    }

    private QrmException late(PowerState wanted, int orders, String heard) {
        String told = orders == 0
                ? ""
                : orders == 1 ? ", though it was told once" : ", though it was told " + orders + " times";
        return caller.fault().late("it is not " + word(wanted) + " in time" + told + "; at last " + heard);
    }

    private String subject() {
        return caller.service().subject();
    }

    private static String word(PowerState state) {
        return state == PowerState.ON ? "on" : "off";
    }

    private void pause(Duration wanted) {
        Duration left = Duration.between(Instant.now(), caller.end());
        work.pause(left.compareTo(wanted) < 0 ? left : wanted);
    }
}
