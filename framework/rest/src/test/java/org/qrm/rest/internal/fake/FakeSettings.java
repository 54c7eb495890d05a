package org.qrm.rest.internal.fake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.Question;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;

/** One plug-in asks about machines: ipmi. */
final class FakeSettings implements ObjectSettings {

    private static final String PASSWORD = "password";
    private static final List<Question> QUESTIONS = List.of(
            new Question("address", "Of its BMC", Question.Type.TEXT, "", true, List.of()),
            new Question(PASSWORD, "Of the user", Question.Type.SECRET, "", true, List.of()));

    private final Map<String, Map<String, String>> known = new TreeMap<>();

    @Override
    public List<ObjectAnswers> list(ObjectKind kind, String object) {
        Map<String, String> shown = new TreeMap<>(known.getOrDefault(object, Map.of()));
        shown.remove(PASSWORD);
        return List.of(new ObjectAnswers("ipmi", QUESTIONS, known.containsKey(object), shown));
    }

    @Override
    public Map<String, String> set(ObjectKind kind, String object, String plugin, Map<String, String> answers) {
        if (!plugin.equals("ipmi")) {
            throw QrmException.notFound("configure resource", "plug-in that asks about it", plugin);
        }
        if (!answers.containsKey("address")) {
            return Map.of("address", "An answer is needed.");
        }
        known.put(object, answers);
        return Map.of();
    }

    @Override
    public void clear(ObjectKind kind, String object, String plugin) {
        known.remove(object);
    }

    @Override
    public Optional<Map<String, String>> open(ObjectKind kind, String object, String plugin) {
        return Optional.ofNullable(known.get(object));
    }
}
