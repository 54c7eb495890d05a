package org.qrm.api.exec;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A command to carry out elsewhere.
 *
 * @param words the command and its arguments; each reaches the program as it is, whatever characters it has
 * @param input for its standard input, closed after; null for none
 * @param timeLimit after which it is ended, at most 24 h
 * @param outputLimit bytes of standard output that are kept, at most 16 MiB
 * @param progress hears each line of standard error as it arrives; null for nobody
 */
public record Command(
        List<String> words, InputStream input, Duration timeLimit, int outputLimit, Consumer<String> progress) {

    /** Output kept unless more is asked for: 64 KiB. */
    public static final int DEFAULT_OUTPUT = 64 * 1024;

    public Command {
        words = List.copyOf(words);
        Objects.requireNonNull(timeLimit);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no words");
        }
    }

    /** Without input or progress, with the usual limit of output. */
    public static Command of(Duration timeLimit, String... words) {
        return new Command(List.of(words), null, timeLimit, DEFAULT_OUTPUT, null);
    }
}
