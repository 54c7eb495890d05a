package org.qrm.plugin.ipmi.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.PowerState;

/** Brings one machine's power to what is wanted, and looks whether it is: a BMC that took an order has not carried it out yet. For one thread. */
final class PowerSwitch {

    private static final Pattern STATUS = Pattern.compile("(?m)^Chassis Power is (on|off)\\s*$");

    private final Ipmitool ipmitool;
    private final Bmc bmc;
    private final String attempted;
    private final WorkContext work;
    private final Pace pace;

    /** How often it was told since it is brought, and what was heard last. */
    private int orders;

    private String heard;

    private BootDevice device = BootDevice.NETWORK;

    /** @param attempted for messages: {@code switch on} */
    PowerSwitch(Ipmitool ipmitool, Bmc bmc, String attempted, WorkContext work, Pace pace) {
        this.ipmitool = ipmitool;
        this.bmc = bmc;
        this.attempted = attempted;
        this.work = work;
        this.pace = pace;
    }

    /** Boots from there, and not from the network; unless its boot devices are left alone. */
    PowerSwitch booting(BootDevice other) {
        device = other;
        return this;
    }

    /** Asks once. */
    static PowerState ask(Ipmitool ipmitool, Bmc bmc, String attempted, Duration limit, int retries) {
        Matcher said =
                STATUS.matcher(ipmitool.run(attempted, bmc, limit, retries, List.of("chassis", "power", "status"))
                        .text());
        if (!said.find()) {
            return PowerState.UNKNOWN;
        }
        return said.group(1).equals("on") ? PowerState.ON : PowerState.OFF;
    }

    /**
     * Returns when it is as wanted.
     *
     * @throws QrmException what was wrong before the first order; later what does not pass by itself; TIMEOUT
     */
    void bring(PowerState wanted) {
        long started = System.nanoTime();
        long ordered = started;
        orders = 0;
        heard = "the BMC was not asked";
        while (true) {
            try {
                PowerState state = ask(ipmitool, bmc, attempted, left(wanted), pace.retries());
                heard = "the BMC says that it is " + word(state);
                if (state == wanted) {
                    reached(wanted, started);
                    return;
                }
                if (orders == 0 || System.nanoTime() - ordered >= pace.repeat().toNanos()) {
                    order(wanted);
                    ordered = System.nanoTime();
                }
            } catch (QrmException fault) {
                if (orders == 0 || fault.problem().kind() != Problem.Kind.UNREACHABLE) {
                    throw fault;
                }
                heard = fault.problem().reason();
            }
            work.progress(0.5, "waiting until " + bmc.machine() + " is " + word(wanted));
            work.pause(pace.look());
        }
    }

    /** Its system is asked once, and may do about it what it likes. */
    void askToShutDown() {
        heard = "the BMC was not asked";
        if (ask(ipmitool, bmc, attempted, left(PowerState.OFF), pace.retries()) == PowerState.OFF) {
            work.log(bmc.subject() + " is off already");
            return;
        }
        ipmitool.run(attempted, bmc, left(PowerState.OFF), pace.retries(), List.of("chassis", "power", "soft"));
        work.log(bmc.subject() + " was told: shut down");
    }

    /** It is told once, and may be on or off. */
    void bootNext() {
        heard = "the BMC was not asked";
        if (!bmc.bootFromNetwork()) {
            work.log(bmc.subject() + ": its boot devices are left alone, as was answered (bootFromNetwork)");
            return;
        }
        ipmitool.run(attempted, bmc, left(PowerState.ON), pace.retries(), bmc.nextBoot(device));
        work.log(bmc.subject() + " was told: boot from " + place() + " next");
    }

    private String place() {
        return device == BootDevice.DISK ? "the disk" : "the network";
    }

    private void order(PowerState wanted) {
        boolean told = wanted == PowerState.ON && bmc.bootFromNetwork() && setBoot();
        String order = bmc.subject()
                + (orders == 0 ? " was told: " : " was told again: ")
                + word(wanted)
                + (told ? ", boot from " + place() : "");
        Duration limit = left(wanted);
        orders++;
        try {
            ipmitool.run(attempted, bmc, limit, pace.retries(), List.of("chassis", "power", word(wanted)));
            work.log(order);
        } catch (QrmException silent) {
            if (silent.problem().kind() != Problem.Kind.UNREACHABLE) {
                throw silent;
            }
            // it may have taken the order, and be busy with it
            heard = silent.problem().reason();
            work.log(order + ", but " + heard);
        }
    }

    /** For the next boot only, so each time; a BMC forgets it after a minute. False when it could not be told, and comes to its disk without. */
    private boolean setBoot() {
        try {
            ipmitool.run(attempted, bmc, left(PowerState.ON), pace.retries(), bmc.nextBoot(device));
            return true;
        } catch (QrmException refused) {
            Problem problem = refused.problem();
            if (problem.kind() != Problem.Kind.FAILED) {
                throw refused;
            }
            if (device != BootDevice.NETWORK) {
                work.log(bmc.subject() + " cannot be made to boot from " + place() + ": " + problem.reason());
                return false;
            }
            throw QrmException.failed(
                    attempted,
                    problem.subject(),
                    "it cannot be made to boot from the network: " + problem.reason(),
                    problem.remedy() + " A machine that does so by itself needs no bootFromNetwork.",
                    refused);
        }
    }

    private void reached(PowerState wanted, long started) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
        work.log(bmc.subject() + " is " + word(wanted) + (orders == 0 ? " already" : " after " + seconds + " s"));
        work.progress(1, bmc.machine() + " is " + word(wanted));
    }

    /** How long the next child may take. */
    private Duration left(PowerState wanted) {
        work.checkpoint();
        Duration left = Duration.between(Instant.now(), work.deadline());
        if (left.compareTo(pace.reserve()) < 0) {
            throw new QrmException(new Problem(
                    Problem.Kind.TIMEOUT,
                    attempted,
                    bmc.subject(),
                    "it is not " + word(wanted) + " in time, though it was told " + times(orders) + "; at last "
                            + heard,
                    "Look at the machine and at its BMC's own log."));
        }
        Duration most = left.minus(pace.reserve().dividedBy(2));
        return most.compareTo(pace.child()) < 0 ? most : pace.child();
    }

    private static String times(int orders) {
        return orders == 1 ? "once" : orders + " times";
    }

    private static String word(PowerState state) {
        return switch (state) {
            case ON -> "on";
            case OFF -> "off";
            default -> "neither on nor off";
        };
    }
}
