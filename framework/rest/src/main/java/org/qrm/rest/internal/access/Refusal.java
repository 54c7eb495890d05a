package org.qrm.rest.internal.access;

import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Why somebody is not let in. */
final class Refusal {

    private Refusal() {}

    static QrmException unauthenticated(String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.UNAUTHENTICATED, "log in", "", reason, remedy));
    }
}
