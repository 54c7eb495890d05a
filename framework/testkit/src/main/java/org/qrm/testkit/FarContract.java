package org.qrm.testkit;

import org.qrm.api.Problem;

/** What the contracts of services have in common that act on something elsewhere: whoever is at the other end may be away, or stuck. */
public abstract class FarContract extends Contract {

    /** What the other end, or the way to it, is to blame for: not what was asked, nor whoever asked. */
    static final Problem.Kind[] AWAY = {
        Problem.Kind.UNREACHABLE,
        Problem.Kind.TIMEOUT,
        Problem.Kind.UNAVAILABLE,
        Problem.Kind.FAILED,
        Problem.Kind.FORBIDDEN
    };

    /** For those of this package. */
    FarContract() {}

    /**
     * Has whoever is at the other end answer nobody from now on.
     *
     * @return whether that is possible here
     */
    protected boolean disconnect() throws Exception {
        return false;
    }

    /**
     * Has whoever is at the other end take each order from now on, and not carry it out.
     *
     * @return whether that is possible here
     */
    protected boolean stick() throws Exception {
        return false;
    }

    final void assumeDisconnected() throws Exception {
        assume("nobody answers", this::disconnect);
    }

    final void assumeStuck() throws Exception {
        assume("orders are taken and not carried out", this::stick);
    }
}
