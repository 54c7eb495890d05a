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
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.,:-][A-Za-z0-9_@+=:,./-]*");

    private CommandLine() {}

    /**
     * Tells its process group on standard error, decodes the words, writes the mark, then becomes the command. The group is
     * needed to end it: sshd passes no signal on to a command of root, and does not end one because its channel closes.
     */
    private static final String START = "read -r p c s pp g r </proc/$$/stat || g=$$; echo \"" + ErrorLines.GROUP
            + "$g\" >&2; m=$1; shift;"
            + " for w do w=$(printf \"%b.\" \"$w\"); set -- \"$@\" \"${w%.}\"; shift; done;"
            + " echo \"$m\"; exec \"$@\"";

    private static final String END_GROUP = "kill -TERM \"-$1\" || exit 0; i=0;"
            + " while [ $i -lt 10 ] && kill -0 \"-$1\" 2>/dev/null; do i=$((i + 1)); sleep 1; done;"
            + " kill -KILL \"-$1\" 2>/dev/null || :";

    /**
     * For the login shell of root on a host, whichever that is: sh, bash, zsh, csh, tcsh and fish read the line alike. They
     * differ in what a line end, a backslash, a quote and an exclamation mark are within single quotes (tcsh(1), Lexical
     * structure; fish, Quotes), so none of these gets there: they travel as the octal numbers that printf(1) decodes.
     */
    static String forShell(List<String> words, StartMark mark) {
        Stream<String> start = Stream.of("sh", "-c", "'" + START + "'", "qrm", mark.text());
        return bounded(
                words,
                Stream.concat(start, words.stream().map(CommandLine::quoted)).collect(Collectors.joining(" ")));
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
        return PLAIN.matcher(word).matches() ? word : "'" + octal(word) + "'";
    }

    private static String octal(String word) {
        StringBuilder text = new StringBuilder();
        for (byte each : word.getBytes(StandardCharsets.UTF_8)) {
            if (each < ' ' || each == 0x7f || "'\\!".indexOf(each) >= 0) {
                text.append(String.format("\\0%03o", each & 0xff));
            } else {
                text.append((char) each);
            }
        }
        return text.toString();
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
