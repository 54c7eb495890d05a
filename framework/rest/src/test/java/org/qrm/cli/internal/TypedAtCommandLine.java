package org.qrm.cli.internal;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code bin/qrm} in this process, as admin. */
public final class TypedAtCommandLine {

    private TypedAtCommandLine() {}

    /** What it wrote, and how it ended. */
    public record Said(int status, String answer, String sentence) {}

    /** @param input what is written to it */
    public static Said run(String url, String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = CommandLineOfQrm.run(
                words,
                new Session.Place(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(new StringReader(input)),
                        Map.of("QRM_URL", url, "QRM_USER", "admin", "QRM_PASSWORD", "admin-secret"),
                        null));
        return new Said(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
