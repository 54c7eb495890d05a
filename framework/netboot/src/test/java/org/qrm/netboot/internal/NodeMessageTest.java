package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class NodeMessageTest {

    @Test
    public void readsLines() {
        NodeMessage message = parse("a=1\nb.c-d2=x = y\nempty=\nname=Büchse\n");
        assertEquals("1", message.optional("a"));
        assertEquals("x = y", message.optional("b.c-d2"));
        assertEquals("", message.optional("empty"));
        assertEquals("Büchse", message.optional("name"));
        assertEquals("", message.optional("missing"));
    }

    @Test
    public void readsRepeatedKeysInOrder() {
        NodeMessage message = parse("nic=a\nx=1\nnic=b\n").allowing(Set.of("x"), Set.of("nic"));
        assertEquals(
                List.of("a", "b"),
                message.lines("nic").stream().map(NodeMessage.Line::value).toList());
    }

    @Test
    public void refusesALineWithoutAnEnd() {
        refuses("a=1\nb=2");
    }

    @Test
    public void refusesWhatIsNoKey() {
        for (String line : List.of("=x\n", "\n", "A=1\n", "1a=1\n", "a b=1\n", "noequals\n", "a_b=1\n", "é=1\n")) {
            refuses(line);
        }
        assertEquals("1", parse("k".repeat(40) + "=1\n").optional("k".repeat(40)));
        refuses("k".repeat(41) + "=1\n");
    }

    @Test
    public void refusesControlCharactersInAValueThatIsAskedFor() {
        for (String value :
                List.of("a\rb", "a\0b", "\u007f", "\u0085", "\u2028", "\t", "a\u202eb", "\ufeff", "\u00ad")) {
            refusesTheValue("key=" + value + "\n");
        }
    }

    @Test
    public void refusesAValueThatIsNotUtf8WhenItIsAskedFor() {
        byte[] bytes = {'k', '=', (byte) 0xc3, '\n'};
        assertThrows(
                QrmException.class, () -> NodeMessage.parse(bytes, bytes.length).optional("k"));
        byte[] overlong = {'k', '=', (byte) 0xc0, (byte) 0x8a, '\n'};
        assertThrows(
                QrmException.class,
                () -> NodeMessage.parse(overlong, overlong.length).optional("k"));
    }

    @Test
    public void anUnreadableValueSpoilsNoOther() {
        NodeMessage message = parse("bad=\u0001\ngood=1\n").allowing(Set.of("bad", "good"), Set.of());
        assertEquals("1", message.required("good"));
    }

    @Test
    public void refusesMoreThanTheBounds() {
        parse("k=1\n".repeat(256));
        refuses("k=1\n".repeat(257));
        assertEquals(1024, parse("k=" + "v".repeat(1024) + "\n").optional("k").length());
        refusesTheValue("k=" + "v".repeat(1025) + "\n");
        refuses(("k=" + "v".repeat(1000) + "\n").repeat(17));
    }

    @Test
    public void neverRepeatsAValueInARefusal() {
        QrmException refusal = refusesTheValue("token=secret\u0001\n");
        assertFalse(refusal.getMessage().contains("secret"));
        assertTrue(refusal.getMessage().contains("line 1"));
    }

    @Test
    public void refusesUnknownAndDoubledKeys() {
        assertThrows(QrmException.class, () -> parse("a=1\n").allowing(Set.of("b"), Set.of()));
        assertThrows(QrmException.class, () -> parse("a=1\na=1\n").allowing(Set.of("a"), Set.of()));
    }

    @Test
    public void readsNumbersInTheirBoundsOnly() {
        assertEquals(4096, parse("n=4096\n").number("n", 1, 4096));
        for (String digits : List.of("", "0", "4097", "-1", "+1", "1.0", "1e3", "99999999999999999999", "١")) {
            assertThrows(
                    digits,
                    QrmException.class,
                    () -> parse("n=" + digits + "\n").number("n", 1, 4096));
        }
    }

    private static QrmException refusesTheValue(String text) {
        NodeMessage message = parse(text);
        String key = text.substring(0, text.indexOf('='));
        assertThrows(text, QrmException.class, () -> message.required(key));
        QrmException refusal = assertThrows(text, QrmException.class, () -> message.optional(key));
        assertEquals(Problem.Kind.INVALID, refusal.problem().kind());
        return refusal;
    }

    private static QrmException refuses(String text) {
        QrmException refusal = assertThrows(text, QrmException.class, () -> parse(text));
        assertEquals(Problem.Kind.INVALID, refusal.problem().kind());
        return refusal;
    }

    private static NodeMessage parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return NodeMessage.parse(bytes, bytes.length);
    }
}
