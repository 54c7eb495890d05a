package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class NameTest {

    @Test
    public void acceptsWhatIsSafeEverywhere() {
        for (String name : new String[] {"a", "9", "Xen_image_1_0", "web-1.example", "x".repeat(63)}) {
            assertSame(name, Name.checked("create", "virtual environment", name));
        }
    }

    @Test
    public void refusesWhatAPathAShellOrAKernelLineWouldTakeForSomethingElse() {
        String[] wrong = {
            null,
            "",
            "x".repeat(64),
            ".",
            "..",
            ".hidden",
            "-o",
            "_x",
            "a/b",
            "a b",
            "a\tb",
            "a\n",
            "a\0",
            "ä",
            "a$b",
            "a\"b",
            "a;b",
            "a%2fb",
            "a\\b",
            "a=b",
            "a,b",
            "٣"
        };
        for (String name : wrong) {
            QrmException refused =
                    assertThrows(QrmException.class, () -> Name.checked("create", "virtual environment", name));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
            assertTrue(refused.getMessage(), refused.getMessage().contains("virtual environment"));
        }
    }

    @Test
    public void aSentenceIsWholeUpToItsLength() {
        String sentence = "x".repeat(90) + "; chmod 600 it";
        assertEquals("x".repeat(80) + "…", Name.printable(sentence));
        assertEquals(sentence, Name.printable(sentence, 104));
        assertEquals("x".repeat(90) + "; chmod 600 i…", Name.printable(sentence, 103));
        assertEquals("no half of a pair", "xy…", Name.printable("xy\ud83d\ude00", 3));
    }

    @Test
    public void aHostileTextCannotChangeTheLineItIsPrintedIn() {
        // C0, DEL, C1, line and paragraph separators, marks that turn the direction of text, and zero-width marks
        String[] hostile = {
            "\n", "\r", "\u001b", "\u007f", "\u0085", "\u009b", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b",
            "\ufeff"
        };
        for (String mark : hostile) {
            assertEquals("a?b", Name.printable("a" + mark + "b"));
        }
        assertEquals("", Name.printable(null));
        assertEquals("Zürich", Name.printable("Zürich"));
    }

    @Test
    public void aLongTextIsCutBetweenCharacters() {
        String cut = Name.printable("x".repeat(79) + "\ud83d\ude00".repeat(9));
        assertTrue(cut, cut.endsWith("…"));
        assertTrue(cut.length() <= 82);
        assertFalse("half a character", Character.isHighSurrogate(cut.charAt(cut.length() - 2)));
        assertEquals("?", Name.printable("\ud83d"));
    }

    @Test
    public void showsNoCharacterThatATerminalOrABrowserObeysOrHides() {
        for (int hidden : new int[] {
            0, 0x1b, '\r', '\t', 0x7f, 0x85, 0xad, 0x200b, 0x200e, 0x202e, 0x2028, 0x2029, 0x2066, 0xfeff, 0xe0041,
            0xd800
        }) {
            assertFalse(Integer.toHexString(hidden), Name.isShown(hidden));
        }
        for (int shown : new int[] {'\n', ' ', 'a', 0xe4, 0x65e5, 0x1f600, 0x5d0}) {
            assertTrue(Integer.toHexString(shown), Name.isShown(shown));
        }
    }
}
