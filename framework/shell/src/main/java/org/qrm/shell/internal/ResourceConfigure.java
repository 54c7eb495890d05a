package org.qrm.shell.internal;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.Question;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;
import org.qrm.api.user.Role;

/** {@code qrm:resource-configure}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "resource-configure",
        description =
                "Tells a plug-in what it must know of a machine. A secret is asked for when the plug-in has none, or when its"
                        + " NAME stands alone.")
public final class ResourceConfigure extends ResourceCommand {

    private static final String CONFIGURE = "configure resource";

    @Reference(optional = true)
    ObjectSettings settings;

    @Argument(index = 1, name = "plug-in", description = "Id of the plug-in.", required = true)
    @Completion(PluginCompleter.class)
    String plugin;

    @Argument(index = 2, name = "answers", description = "NAME=ANSWER; see qrm:resource-settings.", multiValued = true)
    @Completion(SettingCompleter.class)
    List<String> answers;

    @Override
    void run() throws IOException {
        String id = String.valueOf(found().id());
        ObjectAnswers before = settings.list(ObjectKind.RESOURCE, id).stream()
                .filter(each -> each.plugin().equals(plugin))
                .findFirst()
                .orElseThrow(() -> QrmException.notFound(CONFIGURE, "plug-in that asks about it", plugin));
        Map<String, String> given = new LinkedHashMap<>(before.answers());
        for (String answer : answers == null ? List.<String>of() : answers) {
            int equals = answer.indexOf('=');
            String name = equals < 0 ? answer : answer.substring(0, equals);
            if (isSecret(before, name) != equals < 0) {
                throw QrmException.invalid(
                        CONFIGURE,
                        resource,
                        equals < 0 ? name + " is no answer" : name + " is a secret, and the console keeps its lines",
                        equals < 0
                                ? "Write NAME=ANSWER."
                                : "Write " + name + " alone, and answer when it is asked for.");
            }
            given.put(name, equals < 0 ? asked(name) : answer.substring(equals + 1));
        }
        for (Question question : before.questions()) {
            boolean missing = question.type() == Question.Type.SECRET && question.required() && !before.answered();
            if (missing && !given.containsKey(question.name())) {
                given.put(question.name(), asked(question.name()));
            }
        }
        Map<String, String> wrong = settings.set(ObjectKind.RESOURCE, id, plugin, given);
        if (!wrong.isEmpty()) {
            throw QrmException.invalid(
                    CONFIGURE, resource, PluginConfigure.told(wrong), "Correct these answers; nothing was stored.");
        }
        say("Resource " + resource + " is configured for plug-in " + plugin + ".");
    }

    private static boolean isSecret(ObjectAnswers before, String name) {
        return before.questions().stream()
                .anyMatch(question -> question.name().equals(name) && question.type() == Question.Type.SECRET);
    }

    private String asked(String name) throws IOException {
        return typedTwice(CONFIGURE, name, name);
    }
}
