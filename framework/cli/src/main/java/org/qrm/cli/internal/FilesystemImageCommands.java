package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm filesystem-image}. */
@Command(name = "filesystem-image", description = "Root file systems on storage servers.")
final class FilesystemImageCommands {

    private static final String PATH = "/filesystem-images";
    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("STORAGE SERVER", "storageServer"),
            Screen.Column.of("PATH", "path"),
            Screen.Column.of("STATE", "state"),
            Screen.Column.of("SIZE", "sizeBytes"),
            Screen.Column.of("PLUG-IN", "plugin"),
            Screen.Column.of("REASON", "reason"));

    /** Where its content comes from; one of these. */
    static final class Source {
        @Option(names = "--existing", description = "A directory that is there already.")
        boolean existing;

        @Option(names = "--empty", description = "An empty directory.")
        boolean empty;

        @Option(names = "--system", paramLabel = "ADDRESS", description = "Copied from a running system over SSH.")
        String system;

        @Option(names = "--archive", paramLabel = "PATH", description = "A tar archive on the storage server.")
        String archive;

        @Option(names = "--debootstrap", paramLabel = "SUITE", description = "A fresh Debian: bookworm.")
        String suite;

        ObjectNode json(String hostKey, List<String> packages) {
            ObjectNode source = Rest.JSON.createObjectNode();
            if (system != null) {
                source.put("type", "system").put("address", system);
                if (hostKey != null) {
                    source.put("hostKey", hostKey);
                }
            } else if (archive != null) {
                source.put("type", "archive").put("path", archive);
            } else if (suite != null) {
                source.put("type", "debootstrap").put("suite", suite);
                if (packages != null) {
                    packages.forEach(source.putArray("packages")::add);
                }
            } else {
                source.put("type", empty ? "empty" : "existing");
            }
            return source;
        }
    }

    private final Session session;

    FilesystemImageCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists filesystem images in the order of their names.")
    int list(
            @Option(names = "--state", description = "creating ready error removing") String state,
            @Option(names = "--storage-server", paramLabel = "NAME", description = "Kept by this one.")
                    String storageServer) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("state", state);
        filters.put("storageServer", storageServer);
        session.screen().list(session.rest().list(PATH, filters), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Shows all about a filesystem image.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        session.screen().item(session.rest().get(path(name)));
        return 0;
    }

    @Command(name = "create", description = "Makes a filesystem image and fills it.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--storage-server", paramLabel = "NAME", required = true, description = "What keeps it.")
                    String storageServer,
            @Option(names = "--path", description = "On that server; <export root>/<name> unless given.") String path,
            @ArgGroup(multiplicity = "1") Source source,
            @Option(names = "--host-key", paramLabel = "KEY", description = "With --system: its SSH host key.")
                    String hostKey,
            @Option(names = "--package", paramLabel = "NAME", description = "With --debootstrap; can be given again.")
                    List<String> packages,
            @Option(names = "--description", paramLabel = "TEXT", description = "For people.") String description,
            @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("name", name).put("storageServer", storageServer);
        if (path != null) {
            body.put("path", path);
        }
        if (description != null) {
            body.put("description", description);
        }
        body.set("source", source.json(hostKey, packages));
        return new Work(session).show(session.rest().post(PATH, body), work);
    }

    @Command(name = "update", description = "Changes what a filesystem image says to people.")
    int update(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--description", paramLabel = "TEXT", required = true, description = "For people.")
                    String description) {
        JsonNode image =
                session.rest().put(path(name), Rest.JSON.createObjectNode().put("description", description));
        if (session.screen().json()) {
            session.screen().answer(image);
        }
        session.screen().sentence("Filesystem image " + name + " is changed.");
        return 0;
    }

    @Command(name = "measure", description = "Measures its size on the storage server.")
    int measure(@Parameters(paramLabel = "NAME") String name, @Mixin Work.Options work) {
        ObjectNode body = Rest.JSON.createObjectNode().put("action", "measure");
        return new Work(session).show(session.rest().post(path(name) + "/actions", body), work);
    }

    @Command(name = "delete", description = "Removes a filesystem image that no virtual environment names.")
    int delete(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--keep-content", description = "Leave the directory on the storage server.")
                    boolean keepContent,
            @Mixin Work.Options work) {
        return new Work(session)
                .show(session.rest().delete(path(name) + (keepContent ? "?keepContent=true" : "")), work);
    }

    private static String path(String name) {
        return PATH + "/" + Rest.encoded(name);
    }
}
