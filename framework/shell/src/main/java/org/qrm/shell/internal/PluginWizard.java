package org.qrm.shell.internal;

import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-wizard}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "plugin-wizard",
        description = "Shows the questions of a plug-in with the answers given so far.")
public final class PluginWizard extends PluginCommand {

    @Override
    void run() {
        Map<String, String> answers = new HashMap<>(plugins.answers(plugin));
        answers.putAll(plugins.draft(plugin));
        list(
                plugins.questions(plugin).stream()
                        .map(question -> View.of(question, answers.get(question.name())))
                        .toList(),
                "name",
                "text",
                "type",
                "choices",
                "defaultAnswer",
                "answer");
    }
}
