package org.qrm.core.call;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.QrmException;

public class WhiteboardTest {

    private final PluginCalls calls = new PluginCalls();
    private final Whiteboard<String> board = new Whiteboard<>(calls);
    private final List<String> told = new ArrayList<>();

    /** Their first letter is their key; those that begin with a question mark are of no use. */
    private final Whiteboard<String> keyed = new Whiteboard<>(calls, WhiteboardTest::admit, new Whiteboard.Refusals() {
        @Override
        public void refused(Object service, String why) {
            told.add(service + ": " + why);
        }

        @Override
        public void over(Object service) {
            told.add(service + " over");
        }
    });

    private static Admission.Admitted<String> admit(String service) {
        if (service.startsWith("?")) {
            throw QrmException.failed("use", service, "name() answered nothing", "", null);
        }
        if (service.startsWith("!")) {
            throw new NoSuchMethodError("name");
        }
        return new Admission.Admitted<>("admitted " + service, service.substring(0, 1));
    }

    @After
    public void close() {
        calls.close();
    }

    @Test
    public void putsTheHighestRankingFirstAndKeepsTheOrderOfArrivalAmongEquals() {
        board.arrived("a", 0);
        board.arrived("b", 10);
        board.arrived("c", 0);
        assertEquals(List.of("b", "a", "c"), board.services());
        board.ranked("c", 20);
        assertEquals(List.of("c", "b", "a"), board.services());
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

    @Test
    public void showsWhatStandsForAService() {
        keyed.arrived("a", 0);
        assertEquals(List.of("admitted a"), keyed.services());
        keyed.left("a");
        assertEquals(List.of(), keyed.services());
    }

    @Test
    public void leavesOutAServiceThatIsOfNoUseAndSaysWhy() {
        keyed.arrived("?", 100);
        keyed.arrived("!", 100);
        keyed.arrived("a", 0);
        assertEquals(List.of("admitted a"), keyed.services());
        assertEquals(List.of("?: name() answered nothing", "!: java.lang.NoSuchMethodError: name"), told);
    }

    @Test
    public void theFirstOfTwoWithOneKeyStaysWhateverTheOthersRanking() {
        keyed.arrived("a1", 0);
        keyed.arrived("a2", 100);
        assertEquals(List.of("admitted a1"), keyed.services());
        assertEquals(List.of("a2: a is java.lang.String already, which came first"), told);
    }

    @Test
    public void theSecondTakesItsPlaceWhenTheFirstLeaves() {
        List<String> seen = new ArrayList<>();
        keyed.watch(service -> seen.add("+" + service), service -> seen.add("-" + service));
        keyed.arrived("a1", 0);
        keyed.arrived("a2", 0);
        keyed.left("a1");
        assertEquals(List.of("admitted a2"), keyed.services());
        assertEquals(List.of("+admitted a1", "-admitted a1", "+admitted a2"), seen);
        assertEquals(List.of("a2: a is java.lang.String already, which came first", "a1 over", "a2 over"), told);
    }

    @Test
    public void aSecondOneThatLeavesMeanwhileNeverHadItsPlace() {
        keyed.arrived("a1", 0);
        keyed.arrived("a2", 0);
        keyed.left("a2");
        keyed.left("a1");
        assertEquals(List.of(), keyed.services());
    }
}
