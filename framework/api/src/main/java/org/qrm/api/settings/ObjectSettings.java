package org.qrm.api.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.QrmException;

/** What plug-ins were answered about objects. The answers go with their object, and with their plug-in when it is uninstalled. */
@ProviderType
public interface ObjectSettings {

    /**
     * What registered plug-ins ask about an object, in the order of their ids.
     *
     * @param object its name or number, as its kind has it
     * @throws org.qrm.api.QrmException NOT_FOUND for the object
     */
    List<ObjectAnswers> list(ObjectKind kind, String object);

    /**
     * Checks and stores answers. What is left out is answered by the question's default, a secret stays what it was.
     *
     * @param answers by question name
     * @return what is wrong, by question name; empty when they were stored
     * @throws org.qrm.api.QrmException NOT_FOUND for the object, or a plug-in that asks nothing about it; INVALID for an answer to
     *     no question
     */
    Map<String, String> set(ObjectKind kind, String object, String plugin, Map<String, String> answers);

    /**
     * Forgets what a plug-in was answered; nothing happens where nothing was.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND for the object
     */
    void clear(ObjectKind kind, String object, String plugin);

    /**
     * What a plug-in was answered, with secrets: for that plug-in alone. It is to be told to nobody, and asked for again each time.
     *
     * @return by question name, complete; empty when it was not answered
     * @throws org.qrm.api.QrmException FAILED when a secret cannot be opened with this server's key
     */
    Optional<Map<String, String>> open(ObjectKind kind, String object, String plugin);

    /** Whether a plug-in was answered. Answers that cannot be opened are answers: whoever wants to use them is told why. */
    default boolean isAnswered(ObjectKind kind, String object, String plugin) {
        try {
            return open(kind, object, plugin).isPresent();
        } catch (QrmException closed) {
            return true;
        }
    }
}
