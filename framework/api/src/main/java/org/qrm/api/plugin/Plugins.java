package org.qrm.api.plugin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.operation.Operation;

/** The plug-ins of this server. */
@ProviderType
public interface Plugins {

    /** In the order of their ids. */
    List<PluginDescription> list();

    Optional<PluginDescription> find(String id);

    /**
     * Whether what a service of a plug-in brings is used: the plug-in of its bundle, or the one that it names under
     * {@link Plugin#OWNER}, is registered.
     *
     * @param service properties of the service
     */
    boolean acts(Map<String, ?> service);

    /**
     * Takes a step of the life cycle. A step that is done already is done again only if that is harmless.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when the state does not allow it; UNAVAILABLE when its
     *     bundle is not there; whatever the plug-in says when it cannot be uninstalled now
     */
    default Operation act(String id, PluginAction action) {
        return act(id, action, false);
    }

    /**
     * The same.
     *
     * @param force of UNINSTALL: also without its bundle, and whatever the plug-in says or throws. What it made stays, and
     *     an event names what is known of it. What needs the plug-in keeps it nevertheless.
     */
    Operation act(String id, PluginAction action, boolean force);

    /**
     * The questions of its wizard, none if it has none.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND
     */
    List<Question> questions(String id);

    /** The answers given so far, secrets left out. */
    Map<String, String> answers(String id);

    /**
     * Checks and stores answers; defaults fill what is left out. Answers that are wrong are kept as the draft.
     *
     * @return what is wrong, by question name; empty when they were stored
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID for an answer to no question; CONFLICT before registration
     */
    default Map<String, String> answer(String id, Map<String, String> answers) {
        return answer(id, answers, Expected.any());
    }

    /** The same, while it is still as expected. */
    Map<String, String> answer(String id, Map<String, String> answers, Expected<WizardAnswers> expected);

    /** What changed answers change, and when, in the words of an installed plug-in; empty if it does not say. */
    String effect(String id);

    /** Answers of a wizard that was left or found something wrong, to go on with; none when it was finished. */
    Map<String, String> draft(String id);

    /**
     * Keeps answers, unchecked, for a wizard that goes on later. They replace the draft that is there; secrets are not
     * kept.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID for an answer to no question, or one of more than 2000
     *     characters; CONFLICT before registration
     */
    void keepDraft(String id, Map<String, String> answers);
}
