package org.qrm.core.call;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class WhiteboardTest {

    private final Whiteboard<String> board = new Whiteboard<>(new PluginCalls());

    @Test
    public void putsTheHighestRankingFirstAndKeepsTheOrderOfArrivalAmongEquals() {
        board.arrived("a", 0);
        board.arrived("b", 10);
        board.arrived("c", 0);
        assertEquals(List.of("b", "a", "c"), board.services());
    }

    @Test
    public void forgetsAServiceThatLeft() {
        board.arrived("a", 0);
        board.left("a");
        assertEquals(List.of(), board.services());
    }

    @Test
    public void tellsAWatcherOfThoseThatAreThereAlready() {
        List<String> seen = new ArrayList<>();
        board.arrived("a", 0);
        board.watch(service -> seen.add("+" + service), service -> seen.add("-" + service));
        board.arrived("b", 0);
        board.left("a");
        assertEquals(List.of("+a", "+b", "-a"), seen);
    }
}
