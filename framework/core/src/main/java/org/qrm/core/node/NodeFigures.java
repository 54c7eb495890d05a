package org.qrm.core.node;

import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.core.operation.Pauses;

/** Machines that were refused or went silent, and times in which this server heard nobody. */
final class NodeFigures {

    private static final String STOOD_STILL = "stood-still";
    private static final String CLOCK_SET = "clock-set";

    private final Family<Counter> refusals;
    private final Counter silent;
    private final Family<Counter> pauses;
    private final Counter paused;

    NodeFigures(Metrics metrics) {
        refusals = metrics.counter(
                "qrm_refusals_total",
                "Requests and registrations of machines that were refused, by type of event.",
                "type");
        silent = metrics.counter("qrm_machines_silenced_total", "Machines that were given up because they were silent.")
                .with();
        pauses = metrics.counter(
                "qrm_server_pauses_total",
                "Times the server stood still, or its clock was set, by 15 s or more.",
                "cause");
        // there from the beginning, so that the first one is a rise
        pauses.with(STOOD_STILL);
        pauses.with(CLOCK_SET);
        paused = metrics.counter("qrm_server_paused_seconds_total", "What those pauses took.")
                .with();
    }

    void refused(String type) {
        refusals.with(type).increment();
    }

    void silent() {
        silent.increment();
    }

    void paused(Pauses.Pause pause) {
        pauses.with(pause.stoodStill() ? STOOD_STILL : CLOCK_SET).increment();
        paused.add(Math.abs(pause.length().toSeconds()));
    }
}
