package org.qrm.rest.internal.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.plugin.Question;
import org.qrm.api.plugin.WizardAnswers;

/** One plug-in, "xen", whose wizard wants an absolute path and a number. */
public final class FakePlugins implements Plugins {

    private final FakeOperations operations;
    private final Map<String, String> answers = new LinkedHashMap<>();
    private Map<String, String> draft = Map.of();

    public FakePlugins(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public List<PluginDescription> list() {
        return List.of(new PluginDescription(
                "xen", "Xen hosts", "0.1.0", PluginState.REGISTERED, true, true, List.of(PluginAction.UNINSTALL)));
    }

    @Override
    public Optional<PluginDescription> find(String id) {
        return list().stream().filter(plugin -> plugin.id().equals(id)).findFirst();
    }

    @Override
    public boolean acts(Map<String, ?> service) {
        return true;
    }

    @Override
    public Operation act(String id, PluginAction action, boolean force) {
        if (action == PluginAction.RUN_ONCE) {
            throw QrmException.conflict("run once", id, "it is in state registered", "Install it first.");
        }
        return operations.queue("plugin." + action.word(), "plugin/" + id);
    }

    @Override
    public List<Question> questions(String id) {
        return List.of(
                new Question("path", "Where?", Question.Type.PATH, "/diskimages", true, List.of()),
                new Question("count", "How many?", Question.Type.INTEGER, "", false, List.of()));
    }

    @Override
    public Map<String, String> answers(String id) {
        return Map.copyOf(answers);
    }

    @Override
    public Map<String, String> answer(String id, Map<String, String> given, Expected<WizardAnswers> expected) {
        expected.check(new WizardAnswers(answers, draft));
        if (!given.getOrDefault("path", "/").startsWith("/")) {
            return Map.of("path", "it is no absolute path");
        }
        answers.putAll(given);
        draft = Map.of();
        return Map.of();
    }

    @Override
    public Map<String, String> draft(String id) {
        return draft;
    }

    @Override
    public String effect(String id) {
        return answers.isEmpty() ? "" : "Hosts have it when they are started next.";
    }

    @Override
    public void keepDraft(String id, Map<String, String> given) {
        draft = Map.copyOf(given);
    }
}
