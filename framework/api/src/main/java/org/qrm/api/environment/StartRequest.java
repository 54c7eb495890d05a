package org.qrm.api.environment;

import java.util.List;
import org.qrm.api.QrmException;

/**
 * Where a virtual environment is to start.
 *
 * @param resources ids of the machines to take; empty lets the server choose
 * @param count how many machines (1..1000); 1 for a single-server environment. Ignored when resources are named
 */
public record StartRequest(List<Long> resources, int count) {

    /** One machine, whichever fits. */
    public static final StartRequest ANYWHERE = new StartRequest(List.of(), 1);

    public StartRequest {
        resources = List.copyOf(resources);
        if (count < 1 || count > 1000) {
            throw QrmException.invalid(EnvironmentAction.START.attempt(), "", "count is " + count, "Give 1 to 1000.");
        }
    }
}
