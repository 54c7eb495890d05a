package org.qrm.api.boot;

import java.io.IOException;
import java.io.InputStream;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.assignment.Assignment;

/**
 * A package that machines fetch and run while they boot. Registered as an OSGi service by a plug-in.
 *
 * <p>It is a tar.gz: {@code start} (run inside the booted image before the machine counts as active) and
 * {@code verbs/<name>} (what qrm-execd offers), both executable, both optional.
 */
@ConsumerType
public interface BootService {

    /** The plug-in's id; a machine keeps it under that name. */
    String plugin();

    /** Whether a machine so assigned gets it. */
    boolean appliesTo(Assignment assignment);

    /** The package, the same bytes at each call while the service is registered; at most 64 MiB. */
    InputStream open() throws IOException;
}
