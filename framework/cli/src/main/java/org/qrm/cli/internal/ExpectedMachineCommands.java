package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qrm expected-machine}. */
@Command(name = "expected-machine", description = "Machines that are admitted when they come.")
final class ExpectedMachineCommands {

    private final Session session;

    ExpectedMachineCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "import",
            description = "Expects the machines of a file: lines with commas; the first names the columns, some of mac,"
                    + " uuid, serial, name, tags, and what plug-ins ask about machines, as ipmi.address; each further one is"
                    + " a machine.")
    int importFile(
            @Parameters(paramLabel = "FILE", description = "The file on this host.") Path file,
            @Option(names = "--dry-run", description = "Only tell what it would do.") boolean dryRun)
            throws IOException {
        JsonNode outcome = session.rest()
                .post(
                        "/expected-machines",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("csv", Files.readString(file))
                                .put("dryRun", dryRun));
        if (session.screen().json()) {
            session.screen().answer(outcome);
        }
        session.screen()
                .sentence((dryRun ? "A dry run. " : "") + "Machines added: " + outcome.get("added") + ", there before: "
                        + outcome.get("present") + ", admitted of those that waited: " + outcome.get("admitted") + ".");
        return 0;
    }
}
