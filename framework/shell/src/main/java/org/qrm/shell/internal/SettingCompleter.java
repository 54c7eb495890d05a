package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Resources;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;

/** What the plug-in asks about the resource that both stand before: {@code NAME=}, or the name alone of a secret. */
@Service
public final class SettingCompleter extends KnownNames {

    @Reference(optional = true)
    Resources resources;

    @Reference(optional = true)
    ObjectSettings settings;

    @Override
    boolean isThere() {
        return resources != null && settings != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return words.stream()
                .skip(1)
                .flatMap(word -> resources.find(word).stream())
                .limit(1)
                .flatMap(resource -> settings.list(ObjectKind.RESOURCE, String.valueOf(resource.id())).stream())
                .filter(asked -> words.contains(asked.plugin()))
                .flatMap(asked -> asked.questions().stream())
                .map(question -> question.name() + (question.type() == Question.Type.SECRET ? "" : "="));
    }
}
