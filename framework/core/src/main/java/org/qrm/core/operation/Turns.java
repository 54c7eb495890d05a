package org.qrm.core.operation;

/** Lets something run on one thread at a time: what is asked for meanwhile makes it run once more. */
final class Turns {

    private enum Turn {
        RESTING,
        SCHEDULED,
        RUNNING,
        RUN_AGAIN
    }

    private Turn turn = Turn.RESTING;

    /** Asks for a turn; true if the caller is to see to it that it begins. */
    synchronized boolean ask() {
        boolean first = turn == Turn.RESTING;
        if (first) {
            turn = Turn.SCHEDULED;
        } else if (turn == Turn.RUNNING) {
            turn = Turn.RUN_AGAIN;
        }
        return first;
    }

    synchronized void begin() {
        turn = Turn.RUNNING;
    }

    /** Ends the turn; true if another was asked for during it. */
    synchronized boolean end() {
        boolean again = turn == Turn.RUN_AGAIN;
        turn = Turn.RESTING;
        return again;
    }
}
