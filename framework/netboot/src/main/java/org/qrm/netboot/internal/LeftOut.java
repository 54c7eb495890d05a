package org.qrm.netboot.internal;

import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * What of a machine's facts cannot be read. It is left out and told of: one odd part is no reason to do without the
 * machine.
 */
final class LeftOut {

    private static final int MOST = 700;

    private final StringBuilder parts = new StringBuilder();
    private int untold;

    /** @param value what was said; empty when that does not help */
    void add(String what, String value, String why) {
        add(what + (value.isEmpty() ? "" : " '" + Name.printable(value) + "'") + ": " + why);
    }

    void add(String what, QrmException why) {
        add(what, "", why.problem().reason());
    }

    void add(String part) {
        if (parts.length() + part.length() > MOST) {
            untold++;
        } else {
            parts.append(parts.isEmpty() ? "" : "; ").append(part);
        }
    }

    /** All of it in one line; empty if there is nothing. */
    String text() {
        return parts + (untold == 0 ? "" : "; and " + untold + " more");
    }
}
