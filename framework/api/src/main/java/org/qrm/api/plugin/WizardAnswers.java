package org.qrm.api.plugin;

import java.util.Map;

/**
 * What a plug-in's wizard was answered.
 *
 * @param accepted by question, secrets left out
 * @param draft to go on with, by question; empty when there is none
 */
public record WizardAnswers(Map<String, String> accepted, Map<String, String> draft) {

    public WizardAnswers {
        accepted = Map.copyOf(accepted);
        draft = Map.copyOf(draft);
    }
}
