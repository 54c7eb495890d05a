package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Stands before a program on the PATH, and kills whoever runs it when its turn comes: before or after its work. */
final class KillingProgram {

    /** What a shell says of one that was killed. */
    static final int KILLED = 128 + 9;

    private static final String SCRIPT = """
            #!/bin/sh
            turn=$(($(cat "$0.turns" 2>/dev/null || echo 0) + 1))
            echo "$turn" >"$0.turns"
            strike() {
                [ "$turn" -eq "$KILL_AT" ] && [ "$KILL" = "$1" ] || return 0
                server=
                # a shell runs Java, which runs this
                if [ "$(cat "/proc/$PPID/comm")" = java ]; then server=$(cut -d ' ' -f 4 "/proc/$PPID/stat"); fi
                kill -KILL $server "$PPID"
                exit 1
            }
            strike before
            PATH=$TRUE_PATH "${0##*/}" "$@" || exit "$?"
            strike after
            """;

    private KillingProgram() {}

    /**
     * Whether the command was killed in that turn of the program; it may have had fewer.
     *
     * @param directory an empty one
     * @param otherwise the status with which it ends then
     */
    static boolean kills(ProcessBuilder command, Path directory, String program, int turn, String when, int otherwise)
            throws IOException, InterruptedException {
        Path file = directory.resolve(program);
        Files.writeString(file, SCRIPT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        command.environment().put("TRUE_PATH", System.getenv("PATH"));
        command.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        command.environment().put("KILL_AT", String.valueOf(turn));
        command.environment().put("KILL", when);
        Path output = directory.resolve("output");
        int status = command.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        if (status != KILLED) {
            assertEquals(Files.readString(output), otherwise, status);
        }
        return status == KILLED;
    }
}
