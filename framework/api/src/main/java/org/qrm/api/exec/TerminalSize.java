package org.qrm.api.exec;

import org.qrm.api.QrmException;

/**
 * How much a terminal shows.
 *
 * @param columns characters in a line, 1..1000
 * @param rows lines, 1..1000
 */
public record TerminalSize(int columns, int rows) {

    private static final int MOST = 1000;

    /** @throws QrmException INVALID */
    public TerminalSize {
        if (columns < 1 || columns > MOST || rows < 1 || rows > MOST) {
            throw QrmException.invalid(
                    "show a terminal",
                    columns + "x" + rows,
                    "that is no size of a terminal",
                    "1 to " + MOST + " columns and rows.");
        }
    }
}
