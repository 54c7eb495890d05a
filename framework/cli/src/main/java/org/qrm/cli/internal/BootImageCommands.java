package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm boot-image}. */
@Command(name = "boot-image", description = "Kernel, initrd and, for a host, the hypervisor.")
final class BootImageCommands {

    private static final String PATH = "/boot-images";
    private final Session session;

    BootImageCommands(Session session) {
        this.session = session;
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
                .upload(path(name) + "/files/" + Far.encoded(called) + "?role=" + Far.encoded(role), file);
        return shown(image, "Boot image " + name + " has " + called + " now.");
    }

    private int shown(JsonNode image, String sentence) {
        if (session.screen().json()) {
            session.screen().answer(image);
        }
        session.screen().sentence(sentence);
        return 0;
    }

    private static String path(String name) {
        return PATH + "/" + Far.encoded(name);
    }
}
