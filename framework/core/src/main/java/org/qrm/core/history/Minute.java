package org.qrm.core.history;

/**
 * What was heard in a minute.
 *
 * @param number of minutes since 1970
 * @param values by {@link Series}; NaN where nobody told
 */
record Minute(long number, double[] values) {

    static final long MILLIS = 60_000;
}
