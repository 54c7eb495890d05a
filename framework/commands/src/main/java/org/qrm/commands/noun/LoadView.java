package org.qrm.commands.noun;

import java.time.Instant;
import org.qrm.api.resource.LoadSample;
import org.qrm.commands.About;

/** How loaded a machine was in a minute. */
record LoadView(
        @About("beginning of the minute") Instant minute,

        @About("mean of the one-minute load averages reported in it")
        double load) {

    static LoadView of(LoadSample sample) {
        return new LoadView(sample.minute(), sample.load());
    }
}
