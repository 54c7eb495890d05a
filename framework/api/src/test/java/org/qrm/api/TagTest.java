package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

public class TagTest {

    @Test
    public void isWrittenAsItIsRead() {
        for (String text : List.of(
                "gpu",
                "7",
                "rack=7",
                "a.b_c-d",
                "bmc=10.0.0.1:623",
                "owner=jo@example.org",
                "x=a+b",
                "n".repeat(63) + "=" + "v".repeat(63))) {
            assertEquals(text, Tag.parse("tag", text).toString());
        }
    }

    @Test
    public void refusesWhatIsNone() {
        for (String text : List.of(
                "",
                "=",
                "=7",
                "rack=",
                "-a",
                ".a",
                "_a",
                "a b",
                "a\n",
                "a|b",
                "a=b=c",
                "a=|",
                "a,b",
                "a/b",
                "a=b/c",
                "ä",
                "a=%",
                "a=-1",
                "n".repeat(64),
                "n=" + "v".repeat(64))) {
            QrmException refused = assertThrows(text, QrmException.class, () -> Tag.parse("tag", text));
            assertEquals(text, Problem.Kind.INVALID, refused.problem().kind());
            assertEquals(text, Name.printable(text), refused.problem().subject());
        }
    }

    @Test
    public void oneOfANameIsEnough() {
        assertEquals("gpu rack=7", Tag.line(Tag.parseLine("tag", "  rack=7 gpu\track=7 ")));
        QrmException refused = assertThrows(QrmException.class, () -> Tag.parseLine("tag", "rack=7 gpu rack=8"));
        assertEquals("rack=8", refused.problem().subject());
        assertEquals(List.of(), Tag.parseLine("tag", " "));
    }

    @Test
    public void aThingHasSoMany() {
        List<String> most = IntStream.range(0, Tag.MOST).mapToObj(i -> "t" + i).toList();
        assertEquals(Tag.MOST, Tag.parse("tag", most).size());
        assertThrows(QrmException.class, () -> Tag.parseLine("tag", String.join(" ", most) + " more"));
    }

    @Test
    public void aNameAloneAsksForAnyValue() {
        Tag rack = new Tag("rack", "7");
        assertTrue(rack.says(new Tag("rack", "")));
        assertTrue(rack.says(new Tag("rack", "7")));
        assertFalse(rack.says(new Tag("rack", "8")));
        assertFalse(rack.says(new Tag("rac", "")));
        assertFalse(new Tag("rack", "").says(rack));
    }
}
