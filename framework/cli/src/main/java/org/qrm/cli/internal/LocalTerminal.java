package org.qrm.cli.internal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qrm.commands.line.Failure;

/** The terminal that this program runs at, by stty(1). */
final class LocalTerminal implements AutoCloseable {

    private static final File TERMINAL = new File("/dev/tty");
    private static final Size USUAL = new Size(80, 24);
    private static final int MOST = 1000;

    private final String before;

    /** So much it shows. */
    record Size(int columns, int rows) {}

    private LocalTerminal(String before) {
        this.before = before;
    }

    /** @throws Failure USAGE when this program does not run at a terminal */
    static LocalTerminal ofThisProcess() {
        if (System.console() == null) {
            throw Failure.usage(
                    "This needs a terminal as its standard input and output. A program types at a partition's"
                            + " console by qrm partition type, and reads it by qrm partition console.");
        }
        return new LocalTerminal(stty("-g").strip());
    }

    /** From now on each key comes as it is, and nothing is shown by itself. */
    void makeRaw() {
        stty("raw", "-echo");
    }

    Size size() {
        String[] words = stty("size").strip().split(" ");
        if (words.length != 2 || !words[0].matches("[1-9][0-9]{0,3}") || !words[1].matches("[1-9][0-9]{0,3}")) {
            return USUAL;
        }
        return new Size(Math.min(MOST, Integer.parseInt(words[1])), Math.min(MOST, Integer.parseInt(words[0])));
    }

    /** As it was before. */
    @Override
    public void close() {
        stty(before);
    }

    private static String stty(String... words) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(Arrays.asList(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TERMINAL)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new Failure(Failure.FAILED, "Cannot set up this terminal: stty says: " + said.strip());
            }
            return said;
        } catch (IOException missing) {
            throw new Failure(Failure.FAILED, "Cannot set up this terminal: " + missing.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Cannot set up this terminal: interrupted");
        }
    }
}
