package org.qrm.core.resource;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.qrm.api.event.Priority;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows when it is told that a machine has power, or has none. Its power is what was told; its state remains what the machine
 * reported, unless it is silent as well.
 */
final class PowerConclusions {

    /** A machine that was not heard of for so long has missed two reports; in milliseconds. */
    static final long QUIET = Duration.ofSeconds(25).toMillis();

    static final String CONTRADICTED = "says that the machine is off, but it was heard of since";

    private static final Logger LOG = LoggerFactory.getLogger(PowerConclusions.class);
    private static final String CHANGED = "resource.power";
    private static final String UNTOLD = "power.untold";
    private static final String CLAIMED = "power.claimed-twice";
    private static final String SILENT = "resource.silent";
    private static final String SERVER = "server";
    private static final long TWICE = Duration.ofSeconds(5).toMillis();
    private static final long SUM_UP = Duration.ofMinutes(1).toMillis();
    private static final int NAMED = 3;
    private static final long NOTHING = Long.MAX_VALUE;

    private final Database database;
    private final ResourceRows rows;
    private final Clock clock;
    private final AtomicLong sumUp = new AtomicLong(NOTHING);
    private long summedUp;
    /** Machines whose power more than one plug-in controls, with that in words. */
    private final Map<Long, String> claimedTwice = new ConcurrentSkipListMap<>();
    /** What was told of them; null before the first time. */
    private volatile String toldOfClaims;

    PowerConclusions(Database database, ResourceRows rows, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.clock = clock;
    }

    /** An operation changes its power; what is seen of that until a moment after its end surprises nobody. */
    void asked(long machine, boolean begins) {
        long until = clock.millis() + (begins ? Limits.POWER.toMillis() : 0);
        try {
            database.change(change -> {
                rows.askPower(change, machine, until);
                return null;
            });
        } catch (RuntimeException failed) {
            LOG.warn(
                    "An order to who switches resource {} is not noted; an event may say that nobody gave it",
                    machine,
                    failed);
        }
    }

    /** Nobody tells of any machine. */
    void forgetAll() {
        database.change(change -> {
            rows.forgetPower(change);
            EventRows.resolve(change.handle(), UNTOLD, SERVER);
            EventRows.resolve(change.handle(), CLAIMED, SERVER);
            return null;
        });
        claimedTwice.clear();
        toldOfClaims = "";
        summedUp = 0;
    }

    /** It is not told, for that reason, or nobody can. */
    void note(long machine, PowerState state, String problem) {
        database.change(change -> {
            rows.setPower(change, machine, state, problem, clock.millis());
            return null;
        });
        toSumUp();
    }

    /**
     * It is told, and not as before.
     *
     * @param before what was told before, or UNKNOWN
     * @param toldBefore when that was told last, in milliseconds
     */
    void told(long machine, PowerState before, PowerState now, long toldBefore) {
        database.change(change -> {
            rows.setPower(change, machine, now, "", clock.millis());
            if (now == PowerState.ON) {
                EventRows.resolve(change.handle(), CHANGED, ResourceService.lane(machine));
            }
            if (before != PowerState.UNKNOWN && before != now) {
                rows.find(change.handle(), machine)
                        .filter(row -> !isExplained(change, row, now, toldBefore))
                        .ifPresent(row -> tell(change, row, now));
            }
            return null;
        });
        toSumUp();
    }

    private boolean isExplained(Change change, ResourceRow row, PowerState now, long toldBefore) {
        return row.instruction() != null
                || now == PowerState.OFF && row.state() == ResourceState.OFF
                || rows.powerAsked(change.handle(), row.id()) >= toldBefore;
    }

    private static void tell(Change change, ResourceRow row, PowerState now) {
        boolean on = now == PowerState.ON;
        change.event(
                on ? Priority.INFO : Priority.WARNING,
                CHANGED,
                ResourceService.lane(row.id()),
                row.resource().name() + (on ? " was switched on" : " was switched off, or lost its power")
                        + ", and no operation of this server had asked for that",
                row.id());
    }

    /** Whether it was heard of though it is said to be off since then. What it said before its power went may be noted a little later. */
    boolean isContradicted(Resource machine, long offSince) {
        return machine.lastSeen() != null
                && machine.lastSeen().toEpochMilli() > offSince + QUIET
                && machine.state() != ResourceState.OFF;
    }

    /** Whether it matters for its state that it is said to be off. */
    boolean mayBeOff(Resource machine) {
        return machine.kind() == ResourceKind.NODE
                && machine.environmentId() == null
                && (machine.state() == ResourceState.IDLE || machine.state() == ResourceState.ERROR);
    }

    /** When it is to be asked for again, to be certain. */
    long lookAgain(Resource machine, long started) {
        long quiet = machine.lastSeen() == null ? 0 : machine.lastSeen().toEpochMilli() + QUIET;
        return Math.max(started + TWICE, quiet);
    }

    /**
     * One that waits for work, or is an error because it is silent, is off when that was said twice, and it has missed two reports.
     *
     * @param offSince when it was said first, and nothing else since
     * @param now when it was said last
     * @return whether there is nothing more to find out
     */
    boolean isOff(Resource machine, long offSince, long now) {
        if (machine.state() == ResourceState.ERROR && !isSilent(machine)) {
            return true;
        }
        if (now - offSince < TWICE || !isQuiet(machine, now)) {
            return false;
        }
        database.change(change -> {
            rows.find(change.handle(), machine.id())
                    .filter(row -> row.instruction() == null && mayBeOff(row.resource()))
                    .filter(row -> isQuiet(row.resource(), now))
                    .ifPresent(row -> switchedOff(change, row));
            return null;
        });
        return true;
    }

    private boolean isSilent(Resource machine) {
        return database.read(handle -> EventRows.isOpen(handle, SILENT, ResourceService.lane(machine.id())));
    }

    private static boolean isQuiet(Resource machine, long now) {
        return machine.lastSeen() == null || machine.lastSeen().toEpochMilli() + QUIET <= now;
    }

    private void switchedOff(Change change, ResourceRow row) {
        String lane = ResourceService.lane(row.id());
        rows.move(change, row, ResourceState.OFF, ResourceRow.TOLD_OFF);
        EventRows.resolve(change.handle(), SILENT, lane);
        change.event(
                Priority.INFO,
                "resource.state",
                lane,
                row.resource().name() + " is off: it is silent, and " + ResourceRow.TOLD_OFF,
                row.id());
    }

    /** @param by all who say that they control it, the one who is asked in front */
    void claimed(Resource machine, List<String> by) {
        String said = by.size() < 2
                ? null
                : machine.name() + " by " + by.get(0) + ", as is said by "
                        + String.join(" and ", by.subList(1, by.size())) + ", too";
        String before = said == null ? claimedTwice.remove(machine.id()) : claimedTwice.put(machine.id(), said);
        if (!Objects.equals(before, said) || toldOfClaims == null) {
            toSumUp();
        }
    }

    /** One event for all of them, the newest state of that. */
    private void sumUpClaims(Change change) {
        if (!claimedTwice.isEmpty()) {
            claimedTwice
                    .keySet()
                    .retainAll(rows.of(change.handle(), List.copyOf(claimedTwice.keySet())).stream()
                            .map(ResourceRow::id)
                            .toList());
        }
        List<String> all = List.copyOf(claimedTwice.values());
        String now = String.join("; ", all.subList(0, Math.min(NAMED, all.size())))
                + (all.size() > NAMED ? "; and " + (all.size() - NAMED) + " more" : "");
        if (now.equals(toldOfClaims)) {
            return;
        }
        EventRows.resolve(change.handle(), CLAIMED, SERVER);
        if (!all.isEmpty()) {
            change.event(
                    Priority.WARNING,
                    CLAIMED,
                    SERVER,
                    "More than one plug-in controls the power of " + all.size()
                            + (all.size() == 1 ? " machine" : " machines") + ": " + now
                            + ". The first is used. Take from the others what they were answered about these machines",
                    null);
        }
        change.afterCommit(() -> toldOfClaims = now);
    }

    /** What goes at once is told of at once: not before all had their turn. */
    private void toSumUp() {
        sumUp.compareAndSet(NOTHING, clock.millis() + SUM_UP);
    }

    /** One event for all whose power is not told; another one when they have become twice as many. */
    void sumUp() {
        if (clock.millis() >= sumUp.get()) {
            sumUp.set(NOTHING);
            try {
                summedUp = database.change(change -> {
                    sumUpClaims(change);
                    return sumUp(change, summedUp);
                });
            } catch (RuntimeException failed) {
                toSumUp();
                throw failed;
            }
        }
    }

    private long sumUp(Change change, long before) {
        long number = rows.countUntold(change.handle());
        boolean open = EventRows.isOpen(change.handle(), UNTOLD, SERVER);
        if (number == 0) {
            EventRows.resolve(change.handle(), UNTOLD, SERVER);
            return 0;
        }
        boolean known = open && (before == 0 || number < 2 * before);
        if (known) {
            return before == 0 ? number : before;
        }
        EventRows.resolve(change.handle(), UNTOLD, SERVER);
        List<String> some = rows.untold(change.handle(), NAMED);
        change.event(
                Priority.WARNING,
                UNTOLD,
                SERVER,
                "It is not told whether " + number + (number == 1 ? " machine has" : " machines have") + " power: "
                        + String.join("; ", some)
                        + (number > some.size() ? "; and " + (number - some.size()) + " more" : "")
                        + ". Look at their BMCs, and at what their power plug-ins were answered",
                null);
        return number;
    }
}
