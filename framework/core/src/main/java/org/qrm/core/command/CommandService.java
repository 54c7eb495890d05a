package org.qrm.core.command;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.command.PluginCommands;
import org.qrm.api.operation.Operation;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;

/** The commands of plug-ins: each call is bounded, outside of transactions, and ends when the plug-in goes. */
public final class CommandService implements PluginCommands, OperationKind {

    private static final String KIND = "plugin.command";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LIMIT_OF_WORK = Duration.ofHours(1);

    private final Supplier<List<PluginCommand>> commands;
    private final Predicate<String> registered;
    private final PluginCalls calls;
    private final OperationEngine engine;

    /** @param registered whether a plug-in is: others' commands are not there */
    public CommandService(
            Supplier<List<PluginCommand>> commands,
            Predicate<String> registered,
            PluginCalls calls,
            OperationEngine engine) {
        this.commands = commands;
        this.registered = registered;
        this.calls = calls;
        this.engine = engine;
    }

    @Override
    public List<Offered> list() {
        return there().stream()
                .map(command -> new Offered(command.plugin(), command.description()))
                .sorted(Comparator.comparing(Offered::plugin)
                        .thenComparing(offered -> offered.description().verb()))
                .toList();
    }

    private List<PluginCommand> there() {
        return commands.get().stream()
                .filter(command -> registered.test(command.plugin()))
                .toList();
    }

    @Override
    public CommandAnswer run(String plugin, String verb, Map<String, Object> input, String user) {
        PluginCommand command = find(plugin, verb);
        Map<String, Object> checked = CommandCheck.input(words(command), command.description(), input);
        return calls.call(
                command, words(command), LIMIT, null, context -> command.run(CommandCall.of(checked, user, context)));
    }

    @Override
    public Operation submit(String plugin, String verb, Map<String, Object> input, String user) {
        PluginCommand command = find(plugin, verb);
        Map<String, Object> checked = CommandCheck.input(words(command), command.description(), input);
        String lane = "plugin/" + plugin;
        Asked asked = new Asked(plugin, verb, user, checked);
        return engine.asked(change -> engine.submit(change, KIND, lane, asked, List.of(lane)));
    }

    private PluginCommand find(String plugin, String verb) {
        return there().stream()
                .filter(command -> command.plugin().equals(plugin)
                        && command.description().verb().equals(verb))
                .findFirst()
                .orElseThrow(
                        () -> QrmException.notFound("find command", "command", Name.printable(plugin + " " + verb)));
    }

    /** What an operation is asked for; {@code input} is not yet what it was before it was written down. */
    record Asked(String plugin, String verb, String user, Map<String, Object> input) {}

    private static String words(PluginCommand command) {
        return "command " + command.plugin() + " " + command.description().verb();
    }

    @Override
    public String name() {
        return KIND;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("run", LIMIT_OF_WORK, this::run));
    }

    private Step.Outcome run(Work work) {
        Asked asked = work.parameters(Asked.class);
        PluginCommand command = find(asked.plugin(), asked.verb());
        Map<String, Object> input = CommandCheck.input(words(command), command.description(), asked.input());
        calls.call(
                command,
                words(command),
                LIMIT_OF_WORK,
                work,
                context -> command.run(CommandCall.of(input, asked.user(), context)));
        return Step.Outcome.DONE;
    }

    @Override
    public void undo(Work work, Problem why) {
        // what a plug-in did, it alone could take back
    }
}
