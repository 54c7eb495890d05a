package org.qrm.core.component;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.qrm.core.call.Whiteboard;

/**
 * A service of a plug-in on its way to its whiteboard. To get it may run a constructor of the plug-in, which may take for
 * ever; that is done by a thread of its own.
 */
final class Arrival<T> {

    private final BundleContext context;
    private final ServiceReference<T> reference;
    private final Whiteboard<T> board;
    private final RefusedServices refused;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean withdrawn;
    private T service;

    Arrival(BundleContext context, ServiceReference<T> reference, Whiteboard<T> board, RefusedServices refused) {
        this.context = context;
        this.reference = reference;
        this.board = board;
        this.refused = refused;
    }

    ServiceReference<T> reference() {
        return reference;
    }

    /**
     * Gets it, and puts it on the whiteboard.
     *
     * @return false when it could not be made, and may be later: Declarative Services give up for now when what it requires is
     *     being made by somebody else, and that takes long
     */
    boolean run() {
        if (isWithdrawn()) {
            return true;
        }
        try {
            T got = context.getService(reference);
            if (got == null) {
                refused.tell(reference, "it could not be made; the log has the reason");
                return false;
            }
            refused.over(reference);
            keep(got);
            return true;
        } catch (IllegalStateException stopping) {
            return true; // this bundle is on its way out
        } finally {
            over.countDown();
        }
    }

    private void keep(T got) {
        board.arrived(got, ranking());
        boolean late;
        synchronized (this) {
            service = got;
            late = withdrawn;
        }
        if (late) {
            takeOff(got, Runnable::run);
        }
    }

    private synchronized boolean isWithdrawn() {
        return withdrawn;
    }

    /** Its ranking was changed. */
    synchronized void changed() {
        if (service != null) {
            board.ranked(service, ranking());
        }
    }

    /**
     * It was unregistered, or may not act any more.
     *
     * @param release gives it back, which may run code of the plug-in
     */
    void withdraw(Executor release) {
        T known;
        synchronized (this) {
            withdrawn = true;
            known = service;
        }
        refused.over(reference);
        if (known != null) {
            takeOff(known, release);
        }
    }

    private void takeOff(T known, Executor release) {
        board.left(known);
        release.execute(() -> context.ungetService(reference));
    }

    /** Waits until it is there or will never be, at most so long. */
    void await(long nanos) throws InterruptedException {
        over.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** That it has not come yet. */
    void late(long seconds) {
        refused.late(reference, "it has not come up within " + seconds + " s; it is used when it does");
    }

    private int ranking() {
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }
}
