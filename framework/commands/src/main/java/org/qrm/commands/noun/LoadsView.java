package org.qrm.commands.noun;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.qrm.api.resource.LoadSample;
import org.qrm.commands.About;

/** How loaded a machine was in the last hour, in little room: there are many in one answer. */
record LoadsView(
        @About("number of the machine") long resource,
        @About("the first of the minutes") Instant from,

        @About("for each of 60 minutes the mean of the one-minute load averages reported in it; -1 without a report")
        List<Double> loads) {

    private static final int MINUTES = 60;
    private static final double NOTHING = -1;

    static LoadsView of(long resource, List<LoadSample> samples, Instant now) {
        Instant from = now.truncatedTo(ChronoUnit.MINUTES).minus(MINUTES - 1L, ChronoUnit.MINUTES);
        List<Double> loads = new ArrayList<>(Collections.nCopies(MINUTES, NOTHING));
        for (LoadSample sample : samples) {
            long at = ChronoUnit.MINUTES.between(from, sample.minute());
            if (at >= 0 && at < MINUTES) {
                loads.set((int) at, sample.load());
            }
        }
        return new LoadsView(resource, from, loads);
    }
}
