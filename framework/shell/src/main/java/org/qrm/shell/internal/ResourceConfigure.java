package org.qrm.shell.internal;

import java.io.IOException;
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
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.TypedAnswers;

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
                .orElseThrow(() ->
                        QrmException.notFound("configure resource for plug-in", "plug-in that asks about it", plugin));
        Map<String, String> given = given(before);
        Map<String, String> wrong = settings.set(ObjectKind.RESOURCE, id, plugin, given);
        if (!wrong.isEmpty()) {
            throw QrmException.invalid(
                    CONFIGURE, resource, PluginConfigure.told(wrong), "Correct these answers; nothing was stored.");
        }
        say("Resource " + resource + " is configured for plug-in " + plugin + ".");
    }

    private Map<String, String> given(ObjectAnswers before) throws IOException {
        try {
            return TypedAnswers.of(
                    before.questions().stream()
                            .map(each -> new TypedAnswers.Question(
                                    each.name(), each.type() == Question.Type.SECRET, each.required()))
                            .toList(),
                    before.answered() ? before.answers() : null,
                    answers == null ? List.of() : answers,
                    name -> typedTwice(CONFIGURE, name, name));
        } catch (Failure malformed) {
            throw QrmException.invalid(CONFIGURE, resource, malformed.getMessage(), "");
        }
    }
}
