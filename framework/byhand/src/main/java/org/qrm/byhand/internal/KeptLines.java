package org.qrm.byhand.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of what was installed by hand, a line each, in a file that an administrator may read and shorten. What is written and is not
 * there is owed: it stays written until it is brought back, or somebody takes its line away.
 */
final class KeptLines {

    private final Path file;
    private final Set<String> owed = new LinkedHashSet<>();

    KeptLines(Path file) {
        this.file = file;
    }

    /** At a start: what is written and not there is owed. */
    synchronized void begin(Collection<String> there) throws IOException {
        owed.addAll(read());
        owed.removeAll(there);
        note(there);
    }

    synchronized List<String> owed() {
        return List.copyOf(owed);
    }

    /** It was brought back, maybe under another name. */
    synchronized void paid(String line) {
        owed.remove(line);
    }

    /** What is there now, durable when it returns. */
    synchronized void note(Collection<String> there) throws IOException {
        Set<String> written = read();
        owed.retainAll(written);
        owed.removeAll(there);
        Set<String> now = new TreeSet<>(there);
        now.addAll(owed);
        if (!now.equals(written)) {
            DurableFile.write(
                    file,
                    now.stream()
                            .map(line -> line + "\n")
                            .reduce("", String::concat)
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    private Set<String> read() throws IOException {
        Set<String> lines = new TreeSet<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(lines::add);
        }
        return lines;
    }
}
