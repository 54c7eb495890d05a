package org.qrm.rest.internal.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** RFC 9110, 13.1.1. */
public class IfMatchTest {

    private static final Map<String, Set<String>> LISTS = Map.ofEntries(
            Map.entry("\"a\"", Set.of("\"a\"")),
            Map.entry("\"a\",\"b\"", Set.of("\"a\"", "\"b\"")),
            Map.entry(" \"a\" \t,  \"b\" ", Set.of("\"a\"", "\"b\"")),
            Map.entry("\"a\",,\"b\",", Set.of("\"a\"", "\"b\"")),
            Map.entry(",\"a\"", Set.of("\"a\"")),
            Map.entry("\"a,b\"", Set.of("\"a,b\"")),
            Map.entry("\"\"", Set.of("\"\"")),
            Map.entry("\"*\"", Set.of("\"*\"")),
            Map.entry("W/\"a\"", Set.of()),
            Map.entry("W/\"a\", \"b\"", Set.of("\"b\"")),
            Map.entry("\"\u00e4\"", Set.of("\"\u00e4\"")));

    private static final List<String> MALFORMED = List.of(
            "",
            " ",
            ",",
            "a",
            "\"a",
            "a\"",
            "\"a\" \"b\"",
            "w/\"a\"",
            "W/ \"a\"",
            "*, \"a\"",
            "\"a\", *",
            "**",
            "\"a b\"",
            "\"a\nb\"");

    @Test
    public void readsListsOfTagsOfWhichWeakOnesNeverMatch() {
        LISTS.forEach((header, tags) -> assertEquals(header, new IfMatch(tags, false), IfMatch.parse(header)));
        assertEquals(new IfMatch(Set.of(), true), IfMatch.parse(" * "));
    }

    @Test
    public void refusesWhatIsNoListOfTags() {
        for (String header : MALFORMED) {
            QrmException refused = assertThrows(header, QrmException.class, () -> IfMatch.parse(header));
            assertEquals(header, Problem.Kind.INVALID, refused.problem().kind());
        }
    }

    @Test
    public void aStarAsksForSomethingToBeThere() {
        IfMatch.parse("*").expected("/x", String::valueOf).check("anything");
        assertThrows(
                IfMatch.Failed.class,
                () -> IfMatch.parse("*").expected("/x", String::valueOf).check(null));
        assertThrows(
                IfMatch.Failed.class,
                () -> IfMatch.parse("\"a\"").expected("/x", String::valueOf).check(null));
    }
}
