package org.qrm.core.component;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A service that the framework knows: on its way to its whiteboard, or on it, for as long as it may act. */
final class Candidate<T> {

    private final BooleanSupplier acts;
    private final Supplier<Arrival<T>> arrivals;
    private final Consumer<Arrival<?>> begin;
    private final Executor aside;
    private Arrival<T> arrival;
    private boolean gone;

    /**
     * @param acts whether it may act now
     * @param begin has an arrival done by a thread of its own
     * @param aside for what may take as long as a plug-in likes
     */
    Candidate(BooleanSupplier acts, Supplier<Arrival<T>> arrivals, Consumer<Arrival<?>> begin, Executor aside) {
        this.acts = acts;
        this.arrivals = arrivals;
        this.begin = begin;
        this.aside = aside;
    }

    /** Asks again whether it may act. */
    synchronized void look() {
        boolean may = !gone && acts.getAsBoolean();
        if (may && arrival == null) {
            arrival = arrivals.get();
            begin.accept(arrival);
        } else if (!may && arrival != null) {
            arrival.withdraw(aside);
            arrival = null;
        }
    }

    /** Whether it is there and may not act. */
    synchronized boolean waits() {
        return !gone && arrival == null;
    }

    /** Its ranking was changed. */
    synchronized void changed() {
        if (arrival != null) {
            arrival.changed();
        }
    }

    /** It was unregistered. */
    synchronized void gone() {
        gone = true;
        if (arrival != null) {
            arrival.withdraw(Runnable::run);
            arrival = null;
        }
    }
}
