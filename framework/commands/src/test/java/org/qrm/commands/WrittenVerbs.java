package org.qrm.commands;

import java.nio.file.Path;
import org.qrm.commands.line.Verbs;

/** Run by the build: writes the verbs down for faces that are far from the server. */
final class WrittenVerbs {

    private WrittenVerbs() {}

    /** Arguments: the folder of classes. */
    public static void main(String[] arguments) throws Exception {
        Commands commands = new Commands(new ApiServices(), (user, password, address) -> {
            throw new IllegalStateException("nobody logs in while the server is built");
        });
        Verbs.write(Commands.about(), commands.verbs(), Path.of(arguments[0], "org/qrm/commands/line/verbs"));
    }
}
