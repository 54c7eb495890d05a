package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.qrm.commands.line.Work;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code filesystem-image}. */
@Command(name = "filesystem-image", description = "Root file systems on storage servers.")
public final class FilesystemImageNoun {

    private static final String PATH = "/filesystem-images";

    /** Where its content comes from; one of these. */
    public static final class Source {
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
            ObjectNode source = Nouns.object();
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

    private final Nouns.Face face;

    FilesystemImageNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "create", description = "Makes a filesystem image and fills it.")
    public int create(
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
        ObjectNode body = Nouns.object().put("name", name).put("storageServer", storageServer);
        if (path != null) {
            body.put("path", path);
        }
        if (description != null) {
            body.put("description", description);
        }
        body.set("source", source.json(hostKey, packages));
        return face.work().show(face.far().post(PATH, body), work);
    }
}
