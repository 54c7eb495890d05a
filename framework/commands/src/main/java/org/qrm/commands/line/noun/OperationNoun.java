package org.qrm.commands.line.noun;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code operation}. */
@Command(name = "operation", description = "Work that the server does: how far it is, and cancelling it.")
public final class OperationNoun {

    private final Nouns.Face face;

    OperationNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(name = "wait", description = "Waits until it has ended; exit status 0 only if it is done.")
    public int await(
            @Parameters(paramLabel = "ID") long id,
            @Option(names = "--timeout", paramLabel = "SECONDS", description = "At most so long.") Integer timeout) {
        return face.work().await(face.far().get("/operations/" + id), timeout);
    }
}
