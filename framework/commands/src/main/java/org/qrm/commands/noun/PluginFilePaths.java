package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.PluginFileState;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Restless;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** The files that bring plug-ins. */
public final class PluginFilePaths implements Paths {

    private static final String PATH = "/plugin-files";
    private static final String ONE = PATH + "/{file}";

    private static final QueryParameter<String> SHA256 = QueryParameter.of(
            "sha256",
            String.class,
            "the file's digest as its maker tells it; another file is refused. Needed unless the server has certificates of signers whom it trusts");

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    enum Field implements ListField {
        NAME(Use.sorts()),
        STATE(Use.both(PluginFileState.class, "only in this state"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    private final ApiServices services;

    record PluginFileView(
            @About("its name, without a path") String name,
            @About("bytes") long sizeBytes,
            @About("64 hexadecimal digits") String sha256,

            @About("of its bundle, empty while there is none")
            String symbolicName,

            @About("of its bundle, empty while there is none")
            String version,

            @About(
                    "active: its bundle is at work; degraded: a part of it is not; starting: not there yet; unresolved: it requires what is not"
                            + " there; stopped: it failed to start, or was stopped")
            PluginFileState state,

            @About("why it is not at work, else empty") String reason,
            @About("names of the plug-ins that it brings") List<String> plugins)
            implements Restless {

        @Override
        public Object calm() {
            return new PluginFileView(name, sizeBytes, sha256, "", "", null, "", List.of());
        }

        static PluginFileView of(PluginFile file) {
            return new PluginFileView(
                    file.name(),
                    file.sizeBytes(),
                    file.sha256(),
                    file.symbolicName(),
                    file.version(),
                    file.state(),
                    file.reason(),
                    file.plugins());
        }
    }

    /** What was sent, for the audit log. */
    record Sent(String sha256, long sizeBytes) {}

    public PluginFilePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the jar files in the folder deploy.")
                        .listed(LIST)
                        .answersListOf(PluginFileView.class)
                        .typed(VerbSketch.of("plugin", "files")
                                .columns(
                                        "name",
                                        "BUNDLE=symbolicName",
                                        "version",
                                        "state",
                                        "PLUG-INS=plugins",
                                        "reason"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.NAME,
                                services.pluginFiles().list().stream()
                                        .map(PluginFileView::of)
                                        .toList()))),
                Route.get(ONE, "One file.")
                        .answers(200, PluginFileView.class)
                        .by(call -> Answer.ok(PluginFileView.of(find(call)))),
                Route.put(
                                ONE,
                                "Installs a bundle from its jar file, at most 64 MiB, or updates it; answers when it is"
                                        + " at work. What does not come to work is taken out again.")
                        .query(SHA256)
                        .takesBytes()
                        .personal()
                        .answers(200, PluginFileView.class)
                        .by(this::put),
                Route.delete(ONE, "Removes a file and its bundle, while its plug-ins are no more than available.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("plugin", "remove-file")
                                .names("file", "plugin-file")
                                .done("{file} is removed."))
                        .by(this::delete));
    }

    private Answer put(Call call) throws Exception {
        String name = call.path("file");
        if (call.length() > PluginFiles.MOST_BYTES) {
            throw new QrmException(new Problem(
                    Problem.Kind.TOO_LARGE,
                    "add plug-in file",
                    Name.printable(name),
                    "it is larger than 64 MiB",
                    "Send a smaller file."));
        }
        PluginFile file =
                services.pluginFiles().add(name, call.stream(), call.query(SHA256), call.expected(PluginFileView::of));
        call.bodyWas(new Sent(file.sha256(), file.sizeBytes()));
        return Answer.ok(PluginFileView.of(file));
    }

    private Answer delete(Call call) {
        services.pluginFiles().remove(call.path("file"), call.expected(PluginFileView::of));
        return Answer.NO_CONTENT;
    }

    private PluginFile find(Call call) {
        String name = call.path("file");
        return services.pluginFiles()
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find plug-in file", "plug-in file", Name.printable(name)));
    }
}
