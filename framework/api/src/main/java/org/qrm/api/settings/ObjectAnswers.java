package org.qrm.api.settings;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.qrm.api.plugin.Question;

/**
 * What a plug-in asks about an object, and what it was answered.
 *
 * @param plugin its id
 * @param questions in their order
 * @param answered whether it was answered
 * @param answers by question name, secrets left out; empty when it was not answered
 */
public record ObjectAnswers(String plugin, List<Question> questions, boolean answered, Map<String, String> answers) {
    public ObjectAnswers {
        Objects.requireNonNull(plugin);
        questions = List.copyOf(questions);
        answers = Map.copyOf(answers);
    }
}
