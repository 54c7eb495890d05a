package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm storage-server}. */
@Command(name = "storage-server", description = "Machines that keep filesystem images.")
final class StorageServerCommands {

    private static final String PATH = "/storage-servers";
    private static final List<Screen.Column> COLUMNS = List.of(
            Screen.Column.of("NAME", "name"),
            Screen.Column.of("TYPE", "type"),
            Screen.Column.of("ADDRESS", "address"),
            Screen.Column.of("MANAGEMENT ADDRESS", "managementAddress"),
            Screen.Column.of("EXPORT ROOT", "exportRoot"));

    /** What an administrator decides about it; what is not given stays as it is. */
    static final class Description {
        @Option(names = "--type", description = "Storage type; nfs unless given.")
        String type;

        @Option(names = "--address", description = "IPv4 address that machines mount from.")
        String address;

        @Option(
                names = "--management-address",
                paramLabel = "ADDRESS",
                description = "Reached over SSH; --address" + " unless given.")
        String managementAddress;

        @Option(names = "--export-root", paramLabel = "PATH", description = "Directory below which images are.")
        String exportRoot;

        @Option(names = "--host-key", paramLabel = "KEY", description = "Its SSH host key; empty forgets it.")
        String hostKey;

        void writeTo(ObjectNode body) {
            put(body, "type", type);
            put(body, "address", address);
            put(body, "managementAddress", managementAddress);
            put(body, "exportRoot", exportRoot);
            if (hostKey != null && hostKey.isEmpty()) {
                body.putNull("hostKey");
            } else {
                put(body, "hostKey", hostKey);
            }
        }

        private static void put(ObjectNode body, String field, String value) {
            if (value != null) {
                body.put(field, value);
            }
        }
    }

    private final Session session;

    StorageServerCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Lists storage servers in the order of their names.")
    int list() {
        session.screen().list(session.rest().list(PATH, Map.of()), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Shows all about a storage server.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        session.screen().item(session.rest().get(path(name)));
        return 0;
    }

    @Command(name = "create", description = "Makes a storage server known.")
    int create(@Parameters(paramLabel = "NAME") String name, @Mixin Description description) {
        if (description.address == null || description.exportRoot == null) {
            throw Failure.usage(
                    "Cannot create storage server \"" + name + "\": give its --address and its --export-root.");
        }
        ObjectNode body = Rest.JSON
                .createObjectNode()
                .put("name", name)
                .put("type", "nfs")
                .put("managementAddress", description.address);
        description.writeTo(body);
        return shown(session.rest().post(PATH, body), name, "created");
    }

    @Command(name = "update", description = "Changes a storage server.")
    int update(@Parameters(paramLabel = "NAME") String name, @Mixin Description description) {
        ObjectNode body = session.rest().get(path(name)).deepCopy();
        description.writeTo(body);
        return shown(session.rest().put(path(name), body), name, "changed");
    }

    @Command(name = "check", description = "Tries to use it, and says what is wrong.")
    int check(@Parameters(paramLabel = "NAME") String name) {
        JsonNode found = session.rest().get(path(name) + "/check");
        session.screen().item(found);
        return found.path("ok").asBoolean() ? 0 : Failure.FAILED;
    }

    @Command(name = "delete", description = "Forgets a storage server that keeps no image.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        session.rest().delete(path(name));
        session.screen().sentence("Storage server " + name + " is deleted.");
        return 0;
    }

    private int shown(JsonNode server, String name, String what) {
        if (session.screen().json()) {
            session.screen().answer(server);
        }
        session.screen().sentence("Storage server " + name + " is " + what + ".");
        return 0;
    }

    private static String path(String name) {
        return PATH + "/" + Rest.encoded(name);
    }
}
