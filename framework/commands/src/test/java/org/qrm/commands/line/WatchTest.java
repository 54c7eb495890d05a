package org.qrm.commands.line;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.junit.After;
import org.junit.Test;
import picocli.CommandLine;

public class WatchTest {

    private static final Verb LIST = verb("list", Verb.Form.LIST);
    private static final Verb SHOW = verb("show", Verb.Form.ITEM);
    private static final Verb NEWEST = verb("list", Verb.Form.NEWEST);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Script script = new Script();

    private static Verb verb(String name, Verb.Form form) {
        return new Verb(
                "machine",
                name,
                List.of(),
                "Shows.",
                "GET",
                "/machines",
                java.util.Map.of(),
                List.of(),
                List.of(),
                form,
                false,
                List.of(new Verb.Column("ID", "id"), new Verb.Column("STATE", "state")),
                "",
                null,
                "");
    }

    /** A server that answers in this order, and then interrupts who asks, as Ctrl-C does. */
    private static final class Script implements Far {
        final Deque<Object> answers = new ArrayDeque<>();
        final List<String> asked = new ArrayList<>();

        @Override
        public JsonNode send(String method, String path, JsonNode body) {
            asked.add(path);
            Object answer = answers.poll();
            if (answers.isEmpty()) {
                Thread.currentThread().interrupt();
            }
            if (answer instanceof Failure failure) {
                throw failure;
            }
            try {
                return Verb.JSON.readTree(((String) answer).replace('\'', '"'));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public JsonNode upload(String path, Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Happenings happenings(Consumer<String> tell) {
            return new Happenings() {
                @Override
                public void await(Duration atMost) {}

                @Override
                public void close() {}
            };
        }
    }

    @After
    public void forgetTheInterrupt() {
        Thread.interrupted();
    }

    private int run(Verb verb, Screen.Form form, String option, Object... answers) {
        script.answers.addAll(List.of(answers));
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                form);
        CommandLine line = new CommandLine(VerbLine.of(verb, new VerbLine.Face() {
            @Override
            public Far far() {
                return script;
            }

            @Override
            public Screen screen() {
                return screen;
            }

            @Override
            public String typed() {
                return "operation %s";
            }

            @Override
            public String input() {
                return "";
            }
        }));
        line.setExecutionExceptionHandler((problem, where, parsed) -> {
            return ((Failure) problem).status();
        });
        return line.execute(option);
    }

    private static Screen.Form pipe(Screen.Format format) {
        return new Screen.Form(format, 0, 0, false, List.of(), true);
    }

    private static String list(String... items) {
        return "{'items':[" + String.join(",", items) + "],'next':null}";
    }

    private static String item(int id, String state) {
        return "{'id':%d,'state':'%s','load':%s}".formatted(id, state, Math.random());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    public void eachChangeOfAListIsALineInAPipe() {
        run(
                LIST,
                pipe(Screen.Format.table),
                "--watch",
                list(item(1, "idle"), item(2, "idle")),
                list(item(1, "idle"), item(2, "idle")),
                list(item(1, "booting"), item(3, "new")));
        assertEquals(
                "CHANGE  ID  STATE\n"
                        + "now     1   idle\n"
                        + "now     2   idle\n"
                        + "changed  1   booting\n"
                        + "new      3   new\n"
                        + "gone     2   idle\n",
                out());
    }

    @Test
    public void eachChangeOfAListIsAnObjectForAProgram() {
        run(LIST, pipe(Screen.Format.json), "--watch", list("{'id':1,'state':'idle'}"), list());
        assertEquals(
                "{\"change\":\"now\",\"item\":{\"id\":1,\"state\":\"idle\"}}\n"
                        + "{\"change\":\"gone\",\"item\":{\"id\":1,\"state\":\"idle\"}}\n",
                out());
    }

    @Test
    public void eachFieldOfAThingThatChangesIsALineInAPipe() {
        run(
                SHOW,
                pipe(Screen.Format.table),
                "--watch",
                "{'id':1,'state':'idle'}",
                "{'id':1,'state':'idle'}",
                "{'id':1,'state':'active'}");
        assertEquals("id  1\nstate  idle\nstate  active\n", out());
    }

    @Test
    public void followsWhatIsNewOldestFirst() {
        run(
                NEWEST,
                pipe(Screen.Format.csv),
                "--follow",
                list(item(2, "done"), item(1, "running")),
                "{'items':[" + item(5, "queued") + "," + item(4, "done") + "],'next':'4'}",
                list(item(3, "done"), item(2, "done"), item(1, "done")));
        assertEquals("ID,STATE\r\n1,running\r\n2,done\r\n1,done\r\n3,done\r\n4,done\r\n5,queued\r\n", out());
        assertEquals(List.of("/machines?limit=10", "/machines?limit=100", "/machines?limit=100&after=4"), script.asked);
    }

    @Test
    public void whatASpreadsheetWouldTakeForAFormulaIsAText() {
        run(
                NEWEST,
                pipe(Screen.Format.csv),
                "--follow",
                list(item(3, "=HYPERLINK(1)"), item(2, "@SUM(A1)"), item(1, "-1.5")),
                "{'items':[],'next':'3'}");
        assertEquals("ID,STATE\r\n1,-1.5\r\n2,'@SUM(A1)\r\n3,'=HYPERLINK(1)\r\n", out());
    }

    @Test
    public void drawsTheWholeAtATerminalAndNoMoreThanItHasLines() {
        Screen.Form terminal = new Screen.Form(Screen.Format.table, 80, 4, false, List.of(), true);
        run(LIST, terminal, "--watch", list(item(1, "idle")), list(item(1, "off"), item(2, "off"), item(3, "off")));
        assertEquals(
                "\u001b[HID  STATE\u001b[K\r\n1   idle\u001b[K\r\n\u001b[J"
                        + "\u001b[HID  STATE\u001b[K\r\n1   off\u001b[K\r\n… and 2 more\u001b[K\r\n\u001b[J",
                out());
    }

    @Test
    public void tellsOnceThatTheServerIsAwayAndThatItIsBack() {
        Failure away = new Failure(Failure.UNREACHABLE, "Cannot reach the server.");
        run(LIST, pipe(Screen.Format.name), "--watch", list(item(1, "idle")), away, away, list(item(2, "idle")));
        assertEquals("now 1\nnew 2\ngone 1\n", out());
        assertEquals(
                "Cannot reach the server. Trying again.\nThe server answers again.\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void endsWithWhatTheServerRefuses() {
        Failure gone = new Failure(Failure.NOT_FOUND, "There is no such machine.");
        assertEquals(Failure.NOT_FOUND, run(SHOW, pipe(Screen.Format.table), "--watch", "{'id':1}", gone, "{'id':1}"));
        assertEquals("it does not ask again", 1, script.answers.size());
    }

    @Test
    public void coloursAreForTerminalsWhereTheyAreWanted() {
        assertTrue(Screen.Form.colours(24, null, "xterm"));
        assertTrue("empty is as if it was not set", Screen.Form.colours(24, "", "xterm"));
        assertFalse(Screen.Form.colours(0, null, "xterm"));
        assertFalse(Screen.Form.colours(24, "1", "xterm"));
        assertFalse(Screen.Form.colours(24, null, "dumb"));
        Screen.Form coloured = new Screen.Form(Screen.Format.table, 80, 24, true, List.of(), false);
        run(LIST, coloured, "--watch", list(item(1, "idle"), item(2, "error")));
        assertTrue(out(), out().contains("1  \u001b[32midle\u001b[0m"));
        assertTrue(out(), out().contains("2  \u001b[31merror\u001b[0m"));
    }
}
