package org.qrm.api.console;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What a plug-in adds to the web console. Registered as an OSGi service. */
@ConsumerType
public interface ConsoleExtension {

    /** The plug-in's id. */
    String plugin();

    /** The parts it adds. */
    List<ConsolePart> parts();
}
