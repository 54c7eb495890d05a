package org.qrm.api.settings;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.plugin.Question;

/**
 * What a plug-in must know of each object of a kind, as the address of a machine's BMC. Registered as an OSGi service beside the
 * {@link org.qrm.api.plugin.Plugin}, at most one for each kind. The server asks in all its faces, and keeps the answers; the
 * plug-in gets them from {@link ObjectSettings}.
 */
@ConsumerType
public interface ObjectQuestions {

    /** Id of the plug-in. */
    String plugin();

    /** What it asks about; the same each time. */
    ObjectKind kind();

    /** In the order in which they are asked; the same each time. */
    List<Question> questions();

    /**
     * Checks what types cannot tell. Answers within seconds, and asks nobody else: an object may be described before it is
     * there.
     *
     * @param answers by question name, of the right types, complete
     * @return reasons by question name; empty when all is well
     */
    default Map<String, String> validate(Map<String, String> answers) {
        return Map.of();
    }
}
