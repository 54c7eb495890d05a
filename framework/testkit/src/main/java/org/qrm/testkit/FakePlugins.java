package org.qrm.testkit;

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

/** A server that knows one plug-in, whose state and answers a test gives. */
public final class FakePlugins implements Plugins {

    private final String id;
    private volatile PluginState state = PluginState.ACTIVE;
    private volatile Map<String, String> answers = Map.of();

    /** One that is active, and was answered nothing. */
    public FakePlugins(String id) {
        this.id = id;
    }

    /** Where it stands from now on. */
    public FakePlugins in(PluginState newState) {
        state = newState;
        return this;
    }

    /** What its wizard was answered. */
    public FakePlugins answered(Map<String, String> newAnswers) {
        answers = Map.copyOf(newAnswers);
        return this;
    }

    @Override
    public List<PluginDescription> list() {
        return List.of(new PluginDescription(id, "a plug-in", "1.0.0", state, true, !answers.isEmpty(), List.of()));
    }

    @Override
    public Optional<PluginDescription> find(String wanted) {
        return list().stream().filter(plugin -> plugin.id().equals(wanted)).findFirst();
    }

    @Override
    public boolean acts(Map<String, ?> service) {
        return state != PluginState.AVAILABLE;
    }

    /** No operation is carried out here. */
    @Override
    public Operation act(String plugin, PluginAction action, boolean force) {
        throw new UnsupportedOperationException(action + " of " + plugin);
    }

    @Override
    public List<Question> questions(String plugin) {
        require(plugin);
        return List.of();
    }

    @Override
    public Map<String, String> answers(String plugin) {
        require(plugin);
        return answers;
    }

    @Override
    public Map<String, String> answer(String plugin, Map<String, String> given, Expected<WizardAnswers> expected) {
        require(plugin);
        expected.check(new WizardAnswers(answers, Map.of()));
        answers = Map.copyOf(given);
        return Map.of();
    }

    @Override
    public String effect(String plugin) {
        require(plugin);
        return "";
    }

    @Override
    public Map<String, String> draft(String plugin) {
        require(plugin);
        return Map.of();
    }

    @Override
    public void keepDraft(String plugin, Map<String, String> draft) {
        throw new UnsupportedOperationException("a draft for " + plugin);
    }

    private void require(String wanted) {
        if (!wanted.equals(id)) {
            throw QrmException.notFound("find plug-in", "plug-in", wanted);
        }
    }
}
