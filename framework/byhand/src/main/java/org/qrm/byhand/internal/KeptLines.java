package org.qrm.byhand.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names, a line each, in a file that an administrator may read and shorten. A line goes when somebody takes away what it names, and
 * never because that is not there: it stays written until it is brought back.
 */
final class KeptLines {

    private final Path file;

    KeptLines(Path file) {
        this.file = file;
    }

    synchronized List<String> lines() throws IOException {
        return List.copyOf(read());
    }

    /** What is there now, beside what is written; durable when it returns. */
    synchronized void note(Collection<String> there) throws IOException {
        Set<String> lines = read();
        if (lines.addAll(there)) {
            write(lines);
        }
    }

    /** It was taken away, or is there under another name. */
    synchronized void forget(String line) throws IOException {
        Set<String> lines = read();
        if (lines.remove(line)) {
            write(lines);
        }
    }

    /** Without a line there is no file. */
    private void write(Set<String> lines) throws IOException {
        if (lines.isEmpty()) {
            DurableFile.delete(file);
            return;
        }
        DurableFile.write(
                file,
                lines.stream()
                        .map(line -> line + "\n")
                        .reduce("", String::concat)
                        .getBytes(StandardCharsets.UTF_8));
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
