package org.qrm.api.settings;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Resource;

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
     * What is proposed about one machine in place of the questions' own defaults, as what it told of its BMC
     * ({@link org.qrm.api.resource.Hardware#BMC_ADDRESS}). Answers at once, from what it is given. What a machine tells is not to be
     * trusted, so it is proposed, and answered by whoever administrates.
     *
     * @param resource the machine as it registered; partitions, too
     * @return by question name, never for a secret
     */
    default Map<String, String> proposals(Resource resource) {
        return Map.of();
    }

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
