package org.qrm.shell.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.qrm.api.admission.Admissions;
import org.qrm.api.admission.ImportedMachines;
import org.qrm.api.user.Role;

/** {@code qrm:expected-machine-import}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "expected-machine-import", description = "Expects the machines of a file.")
public final class ExpectedMachineImport extends ShowingCommand {

    @Reference(optional = true)
    Admissions admissions;

    @Argument(
            index = 0,
            name = "file",
            description =
                    "Path of the file, on the server: lines with commas; the first names the columns, some of mac,"
                            + " uuid, serial, name, tags, and what plug-ins ask about machines, as ipmi.address.",
            required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--dry-run", description = "Only tell what it would do.")
    boolean dryRun;

    @Override
    void run() throws Exception {
        ImportedMachines outcome = admissions.expect(Files.readString(Path.of(file)), dryRun);
        if (json()) {
            item(Map.of("added", outcome.added(), "present", outcome.present(), "admitted", outcome.admitted()));
        }
        say((dryRun ? "A dry run. " : "") + "Machines added: " + outcome.added() + ", there before: "
                + outcome.present() + ", admitted of those that waited: " + outcome.admitted() + ".");
    }
}
