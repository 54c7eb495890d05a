package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boot-image}. */
@Command(name = "boot-image", description = "Kernel, initrd and, for a host, the hypervisor.")
public final class BootImageNoun {

    private final Nouns.Face face;

    BootImageNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "put-file", description = "Stores a file of it; one of that name is replaced.")
    public int putFile(
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
        JsonNode image = face.far()
                .upload(
                        "/boot-images/" + Far.encoded(name) + "/files/" + Far.encoded(called) + "?role="
                                + Far.encoded(role),
                        file);
        return face.screen().told(image, "Boot image " + name + " has " + called + " now.");
    }
}
