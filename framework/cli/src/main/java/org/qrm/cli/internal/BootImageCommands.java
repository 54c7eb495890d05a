package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm boot-image}. */
@Command(name = "boot-image", description = "Kernel, initrd and, for a host, the hypervisor.")
final class BootImageCommands {

    private static final String PATH = "/boot-images";
    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("LOADER", "loader"),
            new Screen.Column(
                    "FILES", item -> String.join(" ", item.path("files").findValuesAsText("name"))),
            Screen.Column.of("PLUG-IN", "plugin"),
            Screen.Column.of("DESCRIPTION", "description"));

    private final Session session;

    BootImageCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists boot images in the order of their names.")
    int list() {
        session.screen().list(session.rest().list(PATH, Map.of()), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Shows all about a boot image.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        session.screen().item(session.rest().get(path(name)));
        return 0;
    }

    @Command(name = "create", description = "Makes a boot image without files; put-file adds them.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--loader",
                            paramLabel = "linux|multiboot",
                            defaultValue = "linux",
                            description = "linux: a"
                                    + " kernel with an initrd; multiboot: a hypervisor with both as its modules.")
                    String loader,
            @Option(names = "--description", paramLabel = "TEXT", defaultValue = "", description = "For people.")
                    String description) {
        ObjectNode body = Rest.JSON
                .createObjectNode()
                .put("name", name)
                .put("loader", loader)
                .put("description", description);
        return shown(session.rest().post(PATH, body), "Boot image " + name + " is created.");
    }

    @Command(name = "update", description = "Changes a boot image; what is not given stays as it is.")
    int update(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--loader", paramLabel = "linux|multiboot", description = "How it is started.")
                    String loader,
            @Option(names = "--description", paramLabel = "TEXT", description = "For people.") String description) {
        JsonNode before = session.rest().get(path(name));
        ObjectNode body = Rest.JSON
                .createObjectNode()
                .put("loader", loader == null ? before.path("loader").asText() : loader)
                .put(
                        "description",
                        description == null ? before.path("description").asText() : description);
        return shown(session.rest().put(path(name), body), "Boot image " + name + " is changed.");
    }

    @Command(name = "delete-file", description = "Removes a file, while no virtual environment names the image.")
    int deleteFile(
            @Parameters(paramLabel = "NAME", description = "The boot image.") String name,
            @Parameters(paramLabel = "FILE", description = "Its file.") String file) {
        JsonNode image = session.rest().delete(path(name) + "/files/" + Rest.encoded(file));
        return shown(image, "Boot image " + name + " has no " + file + " any more.");
    }

    @Command(name = "put-file", description = "Stores a file of it; one of that name is replaced.")
    int putFile(
            @Parameters(paramLabel = "NAME", description = "The boot image.") String name,
            @Parameters(paramLabel = "FILE", description = "The file on this host.") Path file,
            @Option(
                            names = "--role",
                            paramLabel = "hypervisor|kernel|initrd|other",
                            required = true,
                            description = "What the boot loader does with it.")
                    String role,
            @Option(names = "--as", paramLabel = "NAME", description = "Its name there; as here unless given.")
                    String as) {
        String called = as == null ? String.valueOf(file.getFileName()) : as;
        JsonNode image = session.rest()
                .upload(path(name) + "/files/" + Rest.encoded(called) + "?role=" + Rest.encoded(role), file);
        return shown(image, "Boot image " + name + " has " + called + " now.");
    }

    @Command(name = "delete", description = "Deletes a boot image that no virtual environment names.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        session.rest().delete(path(name));
        session.screen().sentence("Boot image " + name + " is deleted.");
        return 0;
    }

    private int shown(JsonNode image, String sentence) {
        if (session.screen().json()) {
            session.screen().answer(image);
        }
        session.screen().sentence(sentence);
        return 0;
    }

    private static String path(String name) {
        return PATH + "/" + Rest.encoded(name);
    }
}
