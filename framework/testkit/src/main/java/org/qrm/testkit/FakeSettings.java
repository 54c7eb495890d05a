package org.qrm.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;

/** What plug-ins were answered about machines, in memory. Nobody checks an answer here. */
public final class FakeSettings implements ObjectSettings {

    private record Place(ObjectKind kind, String object, String plugin) {}

    private final Map<Place, Map<String, String>> answered = new ConcurrentHashMap<>();

    /** The same, as a test says it. */
    public FakeSettings about(Resource machine, String plugin, Map<String, String> answers) {
        set(ObjectKind.RESOURCE, String.valueOf(machine.id()), plugin, answers);
        return this;
    }

    /** Without questions: nobody has asked. */
    @Override
    public List<ObjectAnswers> list(ObjectKind kind, String object) {
        return answered.entrySet().stream()
                .filter(each ->
                        each.getKey().kind() == kind && each.getKey().object().equals(object))
                .map(each -> new ObjectAnswers(each.getKey().plugin(), List.of(), true, Map.of()))
                .toList();
    }

    @Override
    public Map<String, String> set(ObjectKind kind, String object, String plugin, Map<String, String> answers) {
        answered.put(new Place(kind, object, plugin), Map.copyOf(answers));
        return Map.of();
    }

    @Override
    public void clear(ObjectKind kind, String object, String plugin) {
        answered.remove(new Place(kind, object, plugin));
    }

    @Override
    public Optional<Map<String, String>> open(ObjectKind kind, String object, String plugin) {
        return Optional.ofNullable(answered.get(new Place(kind, object, plugin)));
    }
}
