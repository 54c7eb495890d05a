package org.qrm.exec.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;

public class CommandLineTest {

    private static final StartMark MARK = StartMark.fresh();

    @Test
    public void leavesHarmlessWordsAsTheyAre() {
        assertEquals("du -sk --apparent-size /a/b_c.d", words("du", "-sk", "--apparent-size", "/a/b_c.d"));
    }

    @Test
    public void quotesWhatAShellWouldInterpret() {
        assertEquals("echo '' '$(id)' '~' '=ls' '%1' 'a b'", words("echo", "", "$(id)", "~", "=ls", "%1", "a b"));
    }

    @Test
    public void encodesWhatShellsTakeDifferentlyWithinQuotes() {
        assertEquals(
                "'a\\0047b' 'x\\0012y' '\\0041\\0041' '\\0134\\0047' '\\0303\\0274'",
                words("a'b", "x\ny", "!!", "\\'", "ü"));
    }

    @Test
    public void itsOwnTextHasNothingThatShellsTakeDifferently() {
        String line = CommandLine.forShell(List.of("true"), MARK);
        assertEquals(line, line.replaceAll("[\n\r!\\\\]", ""));
        assertEquals(3, line.split("'", -1).length);
    }

    @Test
    public void refusesANul() {
        assertThrows(QrmException.class, () -> words("echo", "a\0b"));
    }

    @Test
    public void refusesALineThatIsTooLong() {
        assertThrows(QrmException.class, () -> words("echo", "x".repeat(CommandLine.MAX_BYTES)));
    }

    @Test
    public void encodesTheArgumentsOfAVerb() {
        assertEquals(
                "xen/create YTsgcm0gLXJmIC8 - w7w",
                CommandLine.forExecd(List.of("xen/create", "a; rm -rf /", "", "ü")));
    }

    @Test
    public void refusesWhatIsNoVerb() {
        for (String verb : List.of("", "Xen/list", "xen/list;id", "../x", "xen/", "a/b/c", "ping\n")) {
            assertThrows(verb, QrmException.class, () -> CommandLine.forExecd(List.of(verb)));
        }
    }

    private static String words(String... words) {
        String line = CommandLine.forShell(List.of(words), MARK);
        return line.substring(line.indexOf(MARK.text()) + MARK.text().length() + 1);
    }
}
