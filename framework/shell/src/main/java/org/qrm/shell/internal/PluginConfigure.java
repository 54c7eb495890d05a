package org.qrm.shell.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-configure}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "plugin-configure",
        description = "Answers the questions of a plug-in: NAME=ANSWER for each.")
public final class PluginConfigure extends PluginCommand {

    @Argument(
            index = 1,
            name = "answers",
            description = "NAME=ANSWER; see qrm:plugin-wizard.",
            required = true,
            multiValued = true)
    List<String> answers;

    @Override
    void run() {
        Map<String, String> given = new LinkedHashMap<>(plugins.answers(plugin));
        given.putAll(plugins.draft(plugin));
        for (String answer : answers) {
            int equals = answer.indexOf('=');
            if (equals < 1) {
                throw QrmException.invalid("configure plug-in", plugin, answer + " is no answer", "Write NAME=ANSWER.");
            }
            given.put(answer.substring(0, equals), answer.substring(equals + 1));
        }
        Map<String, String> wrong = plugins.answer(plugin, given);
        if (!wrong.isEmpty()) {
            throw QrmException.invalid(
                    "configure plug-in", plugin, told(wrong), "Correct these answers; all are kept.");
        }
        say(("Plug-in " + plugin + " is configured. " + plugins.effect(plugin)).strip());
    }

    /** Each at its question, one a line. */
    static String told(Map<String, String> wrong) {
        return wrong.entrySet().stream()
                .map(each -> "\n  " + each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining("", "answers are wrong", "\n"));
    }
}
