package org.qrm.exec.internal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** Words as the one line that SSH carries. */
final class CommandLine {

    /** Linux takes 128 KiB for one argument, and sshd hands the whole line to the shell as one. */
    static final int MAX_BYTES = 100 * 1024;

    private static final Pattern VERB = Pattern.compile("[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)?");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private CommandLine() {}

    /**
     * Tells its process group on standard error, then becomes the command. Needed to end it: sshd passes no signal on to a
     * command of root, and does not end one because its channel closes.
     */
    private static final List<String> WITH_GROUP = List.of(
            "sh",
            "-c",
            "read -r p c s pp g r </proc/$$/stat || g=$$; echo \"" + ErrorLines.GROUP + "$g\" >&2; exec \"$@\"",
            "qrm");

    private static final String END_GROUP = "kill -TERM \"-$1\" || exit 0; i=0;"
            + " while [ $i -lt 10 ] && kill -0 \"-$1\" 2>/dev/null; do i=$((i + 1)); sleep 1; done;"
            + " kill -KILL \"-$1\" 2>/dev/null || :";

    /** For the login shell of a host, any POSIX one: each word in single quotes unless it needs none. */
    static String forShell(List<String> words) {
        String line = words.stream().map(CommandLine::quoted).collect(Collectors.joining(" "));
        return bounded(words, line);
    }

    /** The same, telling its process group first. */
    static String forShellTellingGroup(List<String> words) {
        return forShell(Stream.concat(WITH_GROUP.stream(), words.stream()).toList());
    }

    /** Ends all processes of a group, at first asking nicely. */
    static List<String> endingGroup(long group) {
        return List.of("sh", "-c", END_GROUP, "qrm", Long.toString(group));
    }

    /** For qrm-execd: the verb, then each argument in base64url ({@code docs/node-protocol.md}). */
    static String forExecd(List<String> words) {
        String verb = words.get(0);
        if (!VERB.matcher(verb).matches()) {
            throw QrmException.invalid(
                    "run a verb", Name.printable(verb), "that is no verb of qrm-execd", "Use plug-in/name.");
        }
        String arguments =
                words.stream().skip(1).map(argument -> " " + encoded(argument)).collect(Collectors.joining());
        return bounded(words, verb + arguments);
    }

    private static String quoted(String word) {
        if (word.indexOf('\0') >= 0) {
            throw QrmException.invalid(
                    "run a command", Name.printable(word), "an argument holds a NUL", "Remove the NUL.");
        }
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String encoded(String argument) {
        return argument.isEmpty()
                ? "-"
                : Base64.getUrlEncoder().withoutPadding().encodeToString(argument.getBytes(StandardCharsets.UTF_8));
    }

    private static String bounded(List<String> words, String line) {
        int bytes = line.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw QrmException.invalid(
                    "run a command",
                    Name.printable(words.get(0)),
                    "its line has " + bytes + " bytes, and " + MAX_BYTES + " is the most",
                    "Send the data as its input.");
        }
        return line;
    }
}
