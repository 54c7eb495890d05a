package org.qrm.shell.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qrm.api.image.BootImage;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.Question;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Token;
import org.qrm.api.user.User;
import org.qrm.api.user.UserKey;

/** Things as they are shown: their fields by name, with the names of the REST interface. */
final class View {

    private View() {}

    static Map<String, Object> of(User user) {
        return fields("name", user.name(), "role", user.role());
    }

    static Map<String, Object> of(UserKey key) {
        return fields(
                "fingerprint", key.fingerprint(), "type", key.type(), "bits", key.bits(), "comment", key.comment());
    }

    static Map<String, Object> of(Token token) {
        return fields(
                "id", token.id(),
                "name", token.name(),
                "user", token.user(),
                "role", token.role(),
                "created", token.created(),
                "expires", token.expires());
    }

    static Map<String, Object> of(NewToken made) {
        return fields("token", of(made.token()), "secret", made.secret());
    }

    static Map<String, Object> of(BootImage image) {
        return fields(
                "name", image.name(),
                "loader", image.loader(),
                "files",
                        image.files().stream()
                                .map(file -> fields(
                                        "name", file.name(),
                                        "role", file.role(),
                                        "size", file.size(),
                                        "sha256", file.sha256()))
                                .toList(),
                "plugin", image.plugin(),
                "description", image.description());
    }

    static Map<String, Object> of(PluginFile file) {
        return fields(
                "name", file.name(),
                "sizeBytes", file.sizeBytes(),
                "sha256", file.sha256(),
                "symbolicName", file.symbolicName(),
                "version", file.version(),
                "state", file.state(),
                "reason", file.reason(),
                "plugins", file.plugins());
    }

    static Map<String, Object> of(Question question, String answer) {
        return fields(
                "name", question.name(),
                "text", question.text(),
                "type", question.type(),
                "defaultAnswer", question.defaultAnswer(),
                "required", question.required(),
                "choices", question.choices(),
                "answer", answer);
    }

    static Map<String, Object> of(Operation operation) {
        return fields(
                "id", operation.id(),
                "kind", operation.kind(),
                "subject", operation.subject(),
                "state", operation.state(),
                "progress", operation.progress(),
                "steps",
                        operation.steps().stream()
                                .map(step -> fields("name", step.name(), "state", step.state()))
                                .toList(),
                "reason", operation.reason(),
                "cancelRequested", operation.cancelRequested(),
                "created", operation.created(),
                "started", operation.started(),
                "finished", operation.finished());
    }

    static Map<String, Object> of(Operation operation, List<LogLine> log) {
        Map<String, Object> view = of(operation);
        view.put(
                "log",
                log.stream()
                        .map(line -> fields("time", line.time(), "text", line.text()))
                        .toList());
        return view;
    }

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
