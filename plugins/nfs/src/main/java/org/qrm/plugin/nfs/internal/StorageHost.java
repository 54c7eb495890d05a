package org.qrm.plugin.nfs.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.operation.WorkContext;

/** Runs verbs of {@code storage.sh} on a storage server. */
final class StorageHost {

    /** The functions, and then what calls them. */
    private static final byte[] SCRIPT = joined(
            "disks.sh",
            "volumes.sh",
            "datasets.sh",
            "filling.sh",
            "copied.sh",
            "snapshots.sh",
            "exports.sh",
            "storage.sh");

    private static final int OUTPUT = 1024 * 1024;

    private final RemoteCommands commands;
    private final SshHost host;
    private final Patient patient;

    StorageHost(RemoteCommands commands, SshHost host, Patient patient) {
        this.commands = commands;
        this.host = host;
        this.patient = patient;
    }

    /** Looks at the server, and whether arguments reach a script there as they are, which all else relies on. */
    Answer probe(WorkContext work, String attempted, String root, String volumes) {
        String odd = "a\nb!c\\d'e\"f$g";
        Answer answer = run(work, attempted, "probe", root, volumes, odd);
        String expected = HexFormat.of().formatHex(odd.getBytes(StandardCharsets.US_ASCII));
        if (!expected.equals(answer.value("argument"))) {
            throw QrmException.failed(
                    attempted,
                    host.address(),
                    "arguments do not reach a command there as they are sent: a test arrived as "
                            + Name.printable(answer.value("argument")) + " instead of " + expected,
                    "Give root a common login shell there (bash, zsh, tcsh, fish).",
                    null);
        }
        return answer;
    }

    /** Runs a verb; its arguments reach the script as they are. */
    Answer run(WorkContext work, String attempted, String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--", verb));
        words.addAll(List.of(arguments));
        Patient.Lines lines = new Patient.Lines();
        Report report = new Report(work);
        Command command =
                new Command(words, new ByteArrayInputStream(SCRIPT), Patient.timeLeft(work), OUTPUT, lines::add);
        CommandResult result = patient.await(work, lines, report::line, () -> commands.run(host, command));
        if (result.exitStatus() != 0) {
            throw report.problem(attempted, host.address(), result.exitStatus());
        }
        Answer answer = new Answer(result.output());
        if (!verb.equals(answer.value("verb"))) {
            throw QrmException.failed(
                    attempted,
                    host.address(),
                    "the script that does it did not arrive at its shell there",
                    "Look at what root's start-up files there (.bashrc, .cshrc …) do when a command is run: they must not"
                            + " read its input.",
                    null);
        }
        return answer;
    }

    SshHost address() {
        return host;
    }

    private static byte[] joined(String... names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            all.writeBytes(resource(name));
        }
        return all.toByteArray();
    }

    static byte[] resource(String name) {
        try (InputStream in = StorageHost.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What a script printed: lines {@code key=value}. */
    record Answer(String output) {

        /** The first value of a key, or null. */
        String value(String key) {
            return values(key).stream().findFirst().orElse(null);
        }

        List<String> values(String key) {
            return output.lines()
                    .filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1))
                    .toList();
        }

        /** A number of at most 15 digits. */
        long number(String key) {
            String value = value(key);
            if (value == null || !value.matches("[0-9]{1,15}")) {
                throw QrmException.failed(
                        "understand the storage server",
                        key,
                        "it answered \"" + Name.printable(value) + "\", which is no number",
                        "Check the programs on it (df, du, awk).",
                        null);
            }
            return Long.parseLong(value);
        }
    }

    /** What a script says while it runs. */
    static final class Report {
        private static final Pattern TELLING = Pattern.compile("rsync: |protocol version mismatch|E: "
                + "|tar: (?!Removing leading|Ignoring unknown)|(gzip|xz|zstd|bzip2|lz4|lzip): ");
        /** Holds rsync's longest. */
        private static final int LONGEST = 400;

        private final WorkContext work;
        private String reason = "";
        private String remedy = "";
        private String lastLine = "";
        private String telling = "";

        Report(WorkContext work) {
            this.work = work;
        }

        void line(String line) {
            String[] words = line.split(" ", 2);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "qrm-progress" -> progress(rest);
                case "qrm-note" -> work.log(rest);
                case "qrm-reason" -> reason = rest;
                case "qrm-remedy" -> remedy = rest;
                default -> other(line);
            }
        }

        QrmException problem(String attempted, String on, int status) {
            String why = reason.isEmpty()
                    ? "the command ended with status " + status + said(telling.isEmpty() ? lastLine : telling)
                    : reason + said(telling);
            return new QrmException(new Problem(kind(status), attempted, on, why, remedy));
        }

        private static String said(String line) {
            return line.isEmpty() ? "" : "; it said: " + Name.printable(line, LONGEST);
        }

        /** What to do, if the script does not say. */
        void advise(String text) {
            remedy = remedy.isEmpty() ? text : remedy;
        }

        /** Keeps a line in case it is the last. Programs say first what happened, and last that they end. */
        void remember(String line) {
            if (!line.isBlank()) {
                lastLine = line;
            }
            if (telling.isEmpty() && TELLING.matcher(line).lookingAt()) {
                telling = line;
            }
        }

        private void other(String line) {
            remember(line);
            if (!line.isBlank()) {
                work.log(line);
            }
        }

        private void progress(String text) {
            String[] words = text.split(" ", 2);
            try {
                double fraction = Double.parseDouble(words[0]);
                work.progress(Math.max(0, Math.min(1, fraction)), words.length > 1 ? words[1] : "");
            } catch (NumberFormatException garbled) {
                other(text);
            }
        }

        private static Kind kind(int status) {
            return switch (status) {
                case 64 -> Kind.INVALID;
                case 65 -> Kind.CONFLICT;
                case 66 -> Kind.NOT_FOUND;
                case 69 -> Kind.UNAVAILABLE;
                default -> Kind.FAILED;
            };
        }
    }
}
