package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The bundles that this server's release brought: what it runs, and plug-ins for whoever wants them. They need nobody who vouches for them. */
final class ReleasedFiles {

    /** Of {@code org/qrm}: artifact, version, file. */
    private static final int DEPTH = 3;

    private final Path folder;

    /** @param home the release, unpacked; it has a Maven repository {@code system} */
    ReleasedFiles(Path home) {
        this.folder = home.resolve("system/org/qrm");
    }

    /** Whether the file is one of them, byte by byte. */
    boolean contain(Path file) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> released = Files.find(folder, DEPTH, (path, is) -> is.isRegularFile())) {
            return released.anyMatch(each -> isSame(each, file));
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.mismatch(one, other) == -1;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
