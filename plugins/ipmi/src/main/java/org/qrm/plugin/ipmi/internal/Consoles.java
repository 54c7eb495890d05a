package org.qrm.plugin.ipmi.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serial consoles of machines, by serial over LAN: at each BMC one at a time. */
final class Consoles {

    private static final Logger LOG = LoggerFactory.getLogger(Consoles.class);
    private static final String OPEN = "open the console of";

    /** What ipmitool says first of a console. */
    private static final String SIGN = "[SOL Session operational.";

    private static final List<String> ACTIVATE = List.of("-v", "sol", "activate");
    private static final List<String> DEACTIVATE = List.of("-v", "sol", "deactivate");
    private static final Duration FREE = Duration.ofSeconds(10);
    private static final Duration BEGIN = Duration.ofSeconds(15);
    private static final int ASK_TWICE = 2;

    /** A console that lasts bears more. */
    private static final int ASK_OFTEN = 4;

    /** Told that nobody types any more, ipmitool tells the BMC, and ends. */
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final Ipmitool ipmitool;
    private final Map<String, Place> taken = new ConcurrentHashMap<>();
    private volatile boolean over;

    Consoles(Ipmitool ipmitool) {
        this.ipmitool = ipmitool;
    }

    /** @throws QrmException UNAVAILABLE when the plug-in ends; CONFLICT when somebody is there; with what was wrong */
    Terminal open(Bmc bmc) {
        refuseAtEnd(bmc);
        Place place = new Place(bmc);
        if (taken.putIfAbsent(bmc.place(), place) != null) {
            throw QrmException.conflict(
                    OPEN,
                    bmc.subject(),
                    "somebody else is at it: only one can be",
                    "Wait until that person has left. A terminal that was left without closing it is free again within a minute or so.");
        }
        boolean opened = false;
        try {
            // a session that nobody ended would keep everybody out
            free(bmc);
            place.process = ipmitool.begin(OPEN, bmc, BEGIN, ASK_OFTEN, SIGN, ACTIVATE);
            place.process.onExit().thenRun(() -> taken.remove(bmc.place(), place));
            refuseAtEnd(bmc);
            opened = true;
            return new Console(place.process, () -> end(place));
        } finally {
            if (!opened) {
                end(place);
            }
        }
    }

    private void refuseAtEnd(Bmc bmc) {
        if (over) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE, OPEN, bmc.subject(), "the plug-in ends", "Start its bundle."));
        }
    }

    /** What the BMC says of the console itself is no matter: it may have none, and says so again when it is to open it. */
    private void free(Bmc bmc) {
        Said said = ipmitool.tryTersely(OPEN, bmc, FREE, ASK_TWICE, DEACTIVATE);
        if (!said.isWell() && said.lines().stream().noneMatch(line -> line.contains("SOL payload"))) {
            throw Fault.of(OPEN, bmc, said, FREE);
        }
    }

    /** Leaves no child, and at the BMC no session if it can be helped. */
    private void end(Place place) {
        try {
            if (place.process != null && !endsWell(place.process, System.nanoTime() + GOODBYE.toNanos())) {
                free(place.bmc);
            }
        } catch (QrmException silent) {
            LOG.warn("The console of {} may stay open at the BMC: {}", place.bmc, silent.getMessage());
        } finally {
            taken.remove(place.bmc.place(), place);
        }
    }

    private static boolean endsWell(Process process, long until) {
        Console.hangUp(process);
        try {
            if (process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }

    /** Ends all. */
    void close() {
        over = true;
        List<Process> all = taken.values().stream()
                .map(place -> place.process)
                .filter(process -> process != null)
                .toList();
        all.forEach(Console::hangUp);
        long until = System.nanoTime() + GOODBYE.toNanos();
        all.forEach(process -> endsWell(process, until));
    }

    /** Who is at a BMC's console. */
    private static final class Place {
        private final Bmc bmc;
        private volatile Process process;

        Place(Bmc bmc) {
            this.bmc = bmc;
        }
    }
}
