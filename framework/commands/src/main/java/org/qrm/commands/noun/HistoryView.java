package org.qrm.commands.noun;

import java.time.Instant;
import org.qrm.api.resource.HistorySample;
import org.qrm.commands.About;

/** How a machine did in a step of time, or all of them together. */
record HistoryView(
        @About("beginning of the step") Instant from,

        @About("share of its minutes in which there were reports, 0 to 1; what follows are means over these minutes")
        double heard,

        @About("how many machines reported") double machines,

        @About("how many of them were bound to a virtual environment")
        double used,

        @About("one-minute load averages, summed up") double load,

        @About("MiB that were not available to programs, summed up")
        double memoryUsedMb,

        @About(value = "KiB a second that came in by their cards; null where none tells", optional = true)
        Double receivedKbs,

        @About(value = "KiB a second that went out by their cards; null where none tells", optional = true)
        Double sentKbs) {

    static HistoryView of(HistorySample sample) {
        return new HistoryView(
                sample.from(),
                rounded(sample.heard()),
                rounded(sample.machines()),
                rounded(sample.used()),
                rounded(sample.load()),
                rounded(sample.memoryUsedMb()),
                Double.isNaN(sample.receivedKbs()) ? null : rounded(sample.receivedKbs()),
                Double.isNaN(sample.sentKbs()) ? null : rounded(sample.sentKbs()));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
