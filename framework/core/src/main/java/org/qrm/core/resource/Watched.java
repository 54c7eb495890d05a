package org.qrm.core.resource;

import java.time.Duration;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.power.PowerState;

/**
 * What is remembered of a machine between two times that its power is asked for; times in milliseconds. The queue looks after the first
 * fields; those about what was told belong to who asks, of whom there is one at a time.
 */
final class Watched {

    /** Kinds of what passes by itself; all else is in the answers about the machine, or in its BMC, and asking may lock a user out. */
    private static final Set<Problem.Kind> PASSING =
            Set.of(Problem.Kind.UNREACHABLE, Problem.Kind.TIMEOUT, Problem.Kind.UNAVAILABLE, Problem.Kind.CONFLICT);

    private static final int BORNE = 1;
    private static final long SLOW = Duration.ofSeconds(2).toMillis();
    private static final long LONGEST = Duration.ofHours(1).toMillis();
    private static final long STUBBORN = Duration.ofMinutes(15).toMillis();

    final long id;
    /** When it is its turn. */
    long next;
    /** Who told last, or null: to be looked up. */
    String controller;

    boolean underWay;
    /** With whom it waits while it is asked for. */
    String turn;
    /** Something has changed while it was asked for. */
    boolean again;
    /** It is not told, or takes long: it waits with its like, and holds up no other. */
    boolean doubtful;

    /** Beginning of the last time that it was asked for. */
    long asked;

    int failures;
    /** As in the database. */
    PowerState state;

    String problem;
    /** Beginning of the last time that on or off was told; 0 for never. */
    long told;
    /** When it was said first that it is off, and nothing else since; 0 for not. */
    long offSince;

    Watched(ResourceRows.Power known, long next) {
        this.id = known.id();
        this.state = known.state();
        this.problem = known.problem();
        this.told = known.state() == PowerState.UNKNOWN ? 0 : known.since();
        this.next = next;
    }

    /** It was told; when it is asked again is up to who asks. */
    void succeeded(PowerState said, long started, long took) {
        failures = 0;
        doubtful = took > SLOW;
        if (said != PowerState.OFF) {
            offSince = 0;
        } else if (offSince == 0) {
            offSince = started;
        }
    }

    /**
     * It was not told: a moment of one that may pass is borne, and it is asked less and less often.
     *
     * @param interval at which those are asked that answer
     * @return whether its power is not known any more
     */
    boolean failed(Problem.Kind kind, long started, long interval) {
        failures++;
        doubtful = true;
        offSince = 0;
        boolean passing = PASSING.contains(kind);
        next = started + pause(failures, passing, interval);
        return !passing || failures > BORNE;
    }

    /** How long one is left alone that failed so often in a row. */
    static long pause(int failures, boolean passing, long interval) {
        long first = passing ? interval : Math.max(interval, STUBBORN);
        return Math.min(Math.max(interval, LONGEST), first << Math.min(failures - 1, 10));
    }

    /** Of those that it waits with. */
    String lane() {
        return controller == null ? "" : doubtful ? controller + " doubtful" : controller;
    }
}
