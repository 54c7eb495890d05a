package org.qrm.core.lifecycle;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What goes for each life cycle: it is drawn in docs/life-cycles.md as it is, and nobody is stuck in it. */
public final class DrawnLifeCycle {

    private static final Path PAGE = Path.of("../../docs/life-cycles.md");

    private DrawnLifeCycle() {}

    /** Compares the diagram below the heading with the table. */
    public static <S extends Enum<S>> void isDrawn(String heading, LifeCycle<S> table, Class<S> states, S first)
            throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("## " + heading + "\n");
        assertTrue("docs/life-cycles.md has no heading " + heading, start >= 0);
        int open = page.indexOf("```mermaid\n", start);
        String drawn = page.substring(open, page.indexOf("```\n", open + 4) + 4);
        assertEquals("the diagram of docs/life-cycles.md below " + heading, diagram(table, states, first), drawn);
    }

    /** Each state is reached from the first one, and each leads on. */
    public static <S extends Enum<S>> void nobodyIsStuck(LifeCycle<S> table, Class<S> states, S first) {
        Set<S> reached = EnumSet.of(first);
        Deque<S> ahead = new ArrayDeque<>(reached);
        while (!ahead.isEmpty()) {
            S from = ahead.remove();
            boolean leadsOn = false;
            for (S to : states.getEnumConstants()) {
                if (to != from && table.allows(from, to)) {
                    leadsOn = true;
                    if (reached.add(to)) {
                        ahead.add(to);
                    }
                }
            }
            assertTrue(from + " leads nowhere", leadsOn);
        }
        assertEquals("states that can be reached from " + first, EnumSet.allOf(states), reached);
    }

    private static <S extends Enum<S>> String diagram(LifeCycle<S> table, Class<S> states, S first) {
        StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n    [*] --> ")
                .append(word(first))
                .append('\n');
        for (S from : states.getEnumConstants()) {
            for (S to : states.getEnumConstants()) {
                if (from != to && table.allows(from, to)) {
                    text.append("    ")
                            .append(word(from))
                            .append(" --> ")
                            .append(word(to))
                            .append('\n');
                }
            }
        }
        return text.append("```\n").toString();
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
