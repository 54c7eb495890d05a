package org.qrm.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** Run by the build: the manual page and the completions of {@code qrm}, where the archive has them. */
final class MadeAtBuild {

    private MadeAtBuild() {}

    /** Arguments: the folder that the archive takes them from, the version, the date. */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), arguments[1], arguments[2].substring(0, 10));
    }

    static void write(Path folder, String version, String date) throws IOException {
        CommandLine line = CommandLineOfQrm.whole(new Session.Place(System.out, System.err, null, Map.of(), null));
        put(folder.resolve("share/man/man1/qrm.1"), ManualPage.of(line, version, date));
        put(
                folder.resolve("share/bash-completion/completions/qrm"),
                Completions.of(line).bash());
        put(
                folder.resolve("share/zsh/site-functions/_qrm"),
                Completions.of(line).zsh());
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
