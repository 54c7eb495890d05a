package org.qrm.api.metric;

import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.QrmException;

/**
 * Figures of the server and of plug-ins, which {@code /metrics} shows. Each bundle gets a service of its own; what it declared goes
 * with it.
 *
 * <p>Names are as Prometheus has it: {@code qrm_}, then the plug-in or the part, then what it is, with the unit in its base form at the
 * end ({@code _seconds}, {@code _bytes}), and {@code _total} for what only rises; lower-case letters, digits and underscores, at most 100.
 * Who declares a name twice gets what is there already.
 *
 * <p>All methods throw {@link QrmException}: INVALID for a name, a help text or a label that is none, CONFLICT when the name is another
 * bundle's, or is declared otherwise.
 */
@ProviderType
public interface Metrics {

    /** Counts nothing: for tests, and for what runs without a server. */
    Metrics NONE = new NoMetrics();

    /**
     * What happens, counted.
     *
     * @param name ends with {@code _total}
     * @param help one sentence
     * @param labels names of what tells the counters of this name apart
     */
    Family<Counter> counter(String name, String help, String... labels);

    /**
     * How long calls take: a histogram from half a millisecond to a minute.
     *
     * @param name ends with {@code _seconds}
     */
    Family<Timing> latency(String name, String help, String... labels);

    /**
     * How long work takes: a histogram from a tenth of a second to an hour.
     *
     * @param name ends with {@code _seconds}
     */
    Family<Timing> duration(String name, String help, String... labels);

    /** What is at a moment; asked when somebody looks, on a thread of its own, and left out when it takes more than 2 s or throws. */
    void gauge(String name, String help, DoubleSupplier now);

    /**
     * As above, several of one name.
     *
     * @param now value by what the label says
     */
    void gauges(String name, String help, String label, Supplier<? extends Map<String, ? extends Number>> now);

    /**
     * What only rises and is counted elsewhere; asked as a gauge is.
     *
     * @param name ends with {@code _total}
     */
    void counted(String name, String help, LongSupplier soFar);
}
