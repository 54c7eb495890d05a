package org.qrm.exec.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;

public class CommandLineTest {

    @Test
    public void leavesHarmlessWordsAsTheyAre() {
        assertEquals(
                "du -sk --apparent-size /a/b_c.d",
                CommandLine.forShell(List.of("du", "-sk", "--apparent-size", "/a/b_c.d")));
    }

    @Test
    public void quotesWhatAShellWouldInterpret() {
        assertEquals(
                "echo '' '$(id)' 'a'\\''b' '~' 'x\ny'",
                CommandLine.forShell(List.of("echo", "", "$(id)", "a'b", "~", "x\ny")));
    }

    @Test
    public void refusesANul() {
        assertThrows(QrmException.class, () -> CommandLine.forShell(List.of("echo", "a\0b")));
    }

    @Test
    public void refusesALineThatIsTooLong() {
        assertThrows(
                QrmException.class, () -> CommandLine.forShell(List.of("echo", "x".repeat(CommandLine.MAX_BYTES))));
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
}
