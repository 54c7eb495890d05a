package org.qrm.commands;

import java.nio.file.Path;
import org.qrm.commands.line.Verbs;

/** Run by the build: writes the verbs down for faces that are far from the server. */
final class WrittenVerbs {

    private WrittenVerbs() {}

    /** Arguments: the folder of classes. */
    public static void main(String[] arguments) throws Exception {
        // nobody logs in while the server is built
        Commands commands = new Commands(new ApiServices(), null);
        Verbs.write(Commands.about(), commands.verbs(), Path.of(arguments[0], "org/qrm/commands/line/verbs"));
    }
}
