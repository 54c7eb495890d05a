package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code partition}. */
@Command(name = "partition", description = "Virtual machines on a host that are resources like any other.")
public class PartitionNoun {

    private static final String NAMED = "Number, name or MAC address.";

    private final Nouns.Face face;

    public PartitionNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "type", description = "Types a line at a partition's console.")
    public int type(
            @Parameters(paramLabel = "PARTITION", description = NAMED) String partition,
            @Parameters(paramLabel = "LINE", description = "The line; return is pressed after it.") String line) {
        face.far().post(own(partition) + "/console", Nouns.object().put("text", line + "\r"));
        return 0;
    }

    @Command(name = "console", description = "Prints the end of what a partition wrote to its console.")
    public int console(@Parameters(paramLabel = "PARTITION", description = NAMED) String partition) {
        JsonNode answer = face.far().get(own(partition) + "/console");
        if (face.screen().json()) {
            face.screen().answer(answer);
        } else {
            // a guest writes what it likes: nothing of it may steer this terminal
            face.screen().text(answer.path("text").asText());
        }
        return 0;
    }

    protected static String own(String partition) {
        return "/partitions/" + Far.encoded(partition);
    }
}
