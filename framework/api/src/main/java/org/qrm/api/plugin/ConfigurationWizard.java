package org.qrm.api.plugin;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Asks an administrator what a plug-in must know. Registered as an OSGi service beside the {@link Plugin}. Accepted
 * answers go to Configuration Admin under the PID {@code org.qrm.plugin.<id>}, keyed by question name.
 */
@ConsumerType
public interface ConfigurationWizard {

    /** Id of the plug-in. */
    String plugin();

    /** In the order in which they are asked. */
    List<Question> questions();

    /**
     * Checks what types cannot tell (reachability, room, paths that are taken).
     *
     * @param answers by question name, of the right types, complete
     * @return reasons by question name, of as many questions as are wrong, each at the one whose answer is to be corrected;
     *     empty when all is well
     */
    default Map<String, String> validate(Map<String, String> answers) {
        return Map.of();
    }

    /**
     * What an answer that is changed later changes, and when, in a sentence or two for people: {@code Machines that are
     * added from then on have it.} It is told when the plug-in is installed and its answers were changed.
     */
    default String effect() {
        return "";
    }
}
