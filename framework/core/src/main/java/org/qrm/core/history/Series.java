package org.qrm.core.history;

import java.time.Instant;
import org.qrm.api.resource.HistorySample;

/** What a history tells. Each value is kept as a floating point number without a sign: 5 binary digits of exponent, 11 of mantissa. */
enum Series {
    MACHINES(100),
    USED(100),
    LOAD(100),
    MEMORY(1),
    RECEIVED(1),
    SENT(1);

    static final int NUMBER = values().length;

    /** Nobody told. */
    static final char UNKNOWN = 0xffff;

    private static final int MANTISSA = 11;
    private static final long MOST = ((1L << MANTISSA) - 1) << 30;

    private final int parts;

    /** @param parts into which one is divided */
    Series(int parts) {
        this.parts = parts;
    }

    char encode(double value) {
        if (Double.isNaN(value)) {
            return UNKNOWN;
        }
        long whole = Math.min(MOST, Math.max(0, Math.round(value * parts)));
        int exponent = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(whole) - MANTISSA);
        return (char) (exponent << MANTISSA | (int) (whole >> exponent));
    }

    /** @return NaN when nobody told */
    double decode(char code) {
        return code == UNKNOWN
                ? Double.NaN
                : (double) ((long) (code & (1 << MANTISSA) - 1) << (code >> MANTISSA)) / parts;
    }

    /** The values of a machine, or of all, in the order of these names. */
    static HistorySample sample(Instant from, double heard, double[] values) {
        return new HistorySample(from, heard, values[0], values[1], values[2], values[3], values[4], values[5]);
    }
}
