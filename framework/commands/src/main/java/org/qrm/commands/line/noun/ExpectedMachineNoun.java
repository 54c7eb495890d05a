package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code expected-machine}. */
@Command(name = "expected-machine", description = "Machines that are admitted when they come.")
public final class ExpectedMachineNoun {

    private final Nouns.Face face;

    ExpectedMachineNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(
            name = "import",
            description = "Expects the machines of a file: lines with commas; the first names the columns, some of mac,"
                    + " uuid, serial, name, tags, owner, and what plug-ins ask about machines, as ipmi.address; each further one is"
                    + " a machine.")
    public int importFile(
            @Parameters(paramLabel = "FILE", description = "The file on this host.") Path file,
            @Option(names = "--dry-run", description = "Only tell what it would do.") boolean dryRun) {
        JsonNode outcome = face.far()
                .post(
                        "/expected-machines",
                        Nouns.object().put("csv", Nouns.text(file)).put("dryRun", dryRun));
        return face.screen()
                .told(
                        outcome,
                        (dryRun ? "A dry run. " : "") + "Machines added: " + outcome.get("added") + ", there before: "
                                + outcome.get("present") + ", admitted of those that waited: " + outcome.get("admitted")
                                + ".");
    }
}
