package org.qrm.core.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.core.CoreFixture;
import org.qrm.core.call.Whiteboard;

public class CommandServiceTest {

    private static final CommandDescription READINGS = CommandDescription.reads("readings", "Tells what it measured.")
            .takes(
                    CommandField.text("meter", "which meter"),
                    CommandField.number("most", "how many at most").optional(),
                    CommandField.choice("unit", "in which unit", "watt", "volt").optional())
            .answersListOf(CommandField.number("value", "what it measured"));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    private final Set<String> registered = new HashSet<>(Set.of("meter"));
    private final List<String> refused = new ArrayList<>();
    private CoreFixture core;
    private Whiteboard<PluginCommand> board;
    private CommandService commands;

    private record Scripted(String plugin, CommandDescription description, Function<CommandCall, CommandAnswer> body)
            implements PluginCommand {
        @Override
        public CommandAnswer run(CommandCall call) {
            return body.apply(call);
        }
    }

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        board = new Whiteboard<>(core.calls, AdmittedCommand.by(core.calls), new Whiteboard.Refusals() {
            @Override
            public void refused(Object service, String why) {
                refused.add(why);
            }

            @Override
            public void over(Object service) {}
        });
        commands = new CommandService(board::services, registered::contains, core.calls, core.engine);
        core.engine.add(commands);
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    private PluginCommand arrives(CommandDescription description, Function<CommandCall, CommandAnswer> body) {
        PluginCommand command = new Scripted("meter", description, body);
        board.arrived(command, 0);
        return command;
    }

    private CommandAnswer run(Map<String, Object> input) {
        return commands.run("meter", "readings", input, "ann");
    }

    private static Problem problem(Runnable call) {
        return assertThrows(QrmException.class, call::run).problem();
    }

    @Test
    public void givesACommandWhatItTakesAndAnswersWhatItSaid() {
        List<String> given = new ArrayList<>();
        arrives(READINGS, call -> {
            given.add(call.text("meter") + " " + call.number("most", 3) + " " + call.has("unit") + " " + call.user());
            return CommandAnswer.list(List.of(Map.of("value", 7, "more", "dropped"), Map.of("value", 8L)));
        });
        assertEquals(
                List.of(Map.of("value", 7L), Map.of("value", 8L)),
                run(Map.of("meter", "m1", "most", 5)).items());
        assertEquals(List.of("m1 5 false ann"), given);
    }

    @Test
    public void refusesWhatACommandDoesNotTake() {
        arrives(READINGS, call -> {
            throw new AssertionError("it is not called");
        });
        List<Map<String, Object>> wrong = List.of(
                Map.of(),
                Map.of("meter", 7),
                Map.of("meter", "m".repeat(5000)),
                Map.of("meter", "m1", "most", "many"),
                Map.of("meter", "m1", "unit", "ohm"),
                Map.of("meter", "m1", "colour", "red"));
        for (Map<String, Object> input : wrong) {
            assertEquals(
                    input.toString(),
                    Problem.Kind.INVALID,
                    problem(() -> run(input)).kind());
        }
    }

    @Test
    public void isThereWhileItsPluginIsRegistered() {
        PluginCommand command = arrives(READINGS, call -> CommandAnswer.list(List.of()));
        assertEquals(1, commands.list().size());
        registered.clear();
        assertEquals(List.of(), commands.list());
        assertEquals(
                Problem.Kind.NOT_FOUND,
                problem(() -> run(Map.of("meter", "m1"))).kind());
        registered.add("meter");
        board.left(command);
        assertEquals(List.of(), commands.list());
        assertEquals(
                Problem.Kind.NOT_FOUND,
                problem(() -> run(Map.of("meter", "m1"))).kind());
    }

    @Test
    public void whatItDoesWrongIsItsOwnFailure() {
        Map<String, Function<CommandCall, CommandAnswer>> wrong = Map.of(
                "nothing", call -> null,
                "a throw",
                        call -> {
                            throw new IllegalStateException("broken");
                        },
                "an error",
                        call -> {
                            throw new NoClassDefFoundError("gone");
                        },
                "a null", call -> CommandAnswer.list(List.of(new java.util.HashMap<>())),
                "another type", call -> CommandAnswer.list(List.of(Map.of("value", "seven"))),
                "too many", call -> CommandAnswer.list(java.util.Collections.nCopies(1001, Map.of("value", 1))));
        wrong.forEach((what, body) -> {
            PluginCommand command = arrives(READINGS, body);
            assertEquals(
                    what,
                    Problem.Kind.FAILED,
                    problem(() -> run(Map.of("meter", "m1"))).kind());
            board.left(command);
        });
    }

    @Test
    public void oneThatBlocksEndsWhenItsPluginGoes() throws Exception {
        java.util.concurrent.CountDownLatch called = new java.util.concurrent.CountDownLatch(1);
        PluginCommand command = arrives(READINGS, call -> {
            called.countDown();
            java.util.concurrent.locks.LockSupport.parkNanos(Long.MAX_VALUE);
            return CommandAnswer.NOTHING;
        });
        Thread leaving = new Thread(() -> {
            try {
                called.await();
            } catch (InterruptedException e) {
                return;
            }
            board.left(command);
        });
        leaving.start();
        assertEquals(
                Problem.Kind.UNAVAILABLE,
                problem(() -> run(Map.of("meter", "m1"))).kind());
        leaving.join();
    }

    @Test
    public void aNameThatIsTakenIsRefused() {
        arrives(READINGS, call -> CommandAnswer.list(List.of(Map.of("value", 1))));
        arrives(READINGS, call -> CommandAnswer.list(List.of(Map.of("value", 2))));
        assertEquals(List.of(Map.of("value", 1L)), run(Map.of("meter", "m1")).items());
        assertEquals(1, refused.size());
        assertTrue(refused.get(0), refused.get(0).contains("meter readings"));
        board.arrived(new Scripted("resource", READINGS, call -> null), 0);
        assertTrue(refused.get(1), refused.get(1).contains("resource is a noun of the server"));
    }

    @Test
    public void whatSaysNothingOfItselfIsRefused() {
        board.arrived(new Scripted(null, READINGS, call -> null), 0);
        board.arrived(new Scripted("METER", READINGS, call -> null), 0);
        board.arrived(new Scripted("meter", null, call -> null), 0);
        CommandField twice = CommandField.text("meter", "which meter");
        board.arrived(new Scripted("meter", READINGS.takes(twice, twice), call -> null), 0);
        board.arrived(new Scripted("meter", READINGS.takes(CommandField.text("limit", "how many")), call -> null), 0);
        CommandDescription changes = CommandDescription.changes("reset", "Begins anew.");
        board.arrived(
                new Scripted("meter", changes.answersListOf(CommandField.text("name", "which")), call -> null), 0);
        assertEquals(refused.toString(), 6, refused.size());
        assertEquals(List.of(), commands.list());
    }

    @Test
    public void workIsAnOperationWithItsLogAndItsFailure() throws Exception {
        arrives(
                CommandDescription.works("calibrate", "Calibrates a meter.")
                        .takes(CommandField.text("meter", "which meter")),
                call -> {
                    call.work().log("calibrating " + call.text("meter") + " for " + call.user());
                    if (call.text("meter").equals("broken")) {
                        throw QrmException.refused("calibrate", "broken", "it is broken", "Replace it.");
                    }
                    return CommandAnswer.NOTHING;
                });
        Operation done = commands.submit("meter", "calibrate", Map.of("meter", "m1"), "ann");
        assertEquals("plugin/meter", done.subject());
        Operation ended = core.operations.await(done.id(), java.time.Duration.ofSeconds(60));
        assertEquals(ended.reason(), OperationState.DONE, ended.state());
        assertTrue(core.operations.log(done.id()).stream()
                .anyMatch(line -> line.text().equals("calibrating m1 for ann")));
        Operation failed = commands.submit("meter", "calibrate", Map.of("meter", "broken"), "ann");
        Operation end = core.operations.await(failed.id(), java.time.Duration.ofSeconds(60));
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("it is broken"));
    }
}
