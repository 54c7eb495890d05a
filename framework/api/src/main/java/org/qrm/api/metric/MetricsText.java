package org.qrm.api.metric;

import org.osgi.annotation.versioning.ProviderType;

/** All figures as text, for what serves {@code /metrics}. */
@ProviderType
public interface MetricsText {

    /** Media type of Prometheus' text exposition format. */
    String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** Media type of OpenMetrics. */
    String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /**
     * Returns within some seconds, whatever becomes of those that are asked.
     *
     * @param openMetrics whether in that format; else in Prometheus' own
     */
    String text(boolean openMetrics);
}
