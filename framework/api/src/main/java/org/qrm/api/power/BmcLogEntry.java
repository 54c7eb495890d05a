package org.qrm.api.power;

import java.time.Instant;
import org.qrm.api.Name;

/**
 * An entry of the event log that a BMC keeps of its machine (IPMI: SEL). Texts are cut to 300 characters, without what a terminal obeys.
 *
 * @param id the BMC's; may be given again when the log was cleared
 * @param time by the BMC's clock, which may be wrong; null when it had none
 * @param sensor what it is about; may be empty
 * @param message what happened
 */
public record BmcLogEntry(String id, Instant time, String sensor, String message) {

    private static final int MOST = 300;

    public BmcLogEntry {
        id = Name.printable(id, MOST);
        sensor = Name.printable(sensor, MOST);
        message = Name.printable(message, MOST);
    }
}
