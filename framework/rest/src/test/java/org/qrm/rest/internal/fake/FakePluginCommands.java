package org.qrm.rest.internal.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommands;
import org.qrm.api.operation.Operation;
import org.qrm.api.user.Role;

/** Commands of a plug-in that measures, as long as it is there. */
public final class FakePluginCommands implements PluginCommands {

    private static final CommandField METER = CommandField.text("meter", "which meter");
    private static final CommandField UNIT =
            CommandField.choice("unit", "in which unit", "watt", "volt").optional();

    public volatile boolean there;
    public final List<String> ran = new ArrayList<>();
    private final FakeOperations operations;

    FakePluginCommands(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public List<Offered> list() {
        return there
                ? List.of(
                        new Offered(
                                "meter",
                                CommandDescription.works("calibrate", "Calibrates a meter.")
                                        .takes(METER)),
                        new Offered(
                                "meter",
                                CommandDescription.reads("readings", "Tells what it measured.")
                                        .takes(METER, UNIT)
                                        .answersListOf(CommandField.number("value", "what it measured"))),
                        new Offered(
                                "meter",
                                CommandDescription.changes("reset", "Begins anew.")
                                        .role(Role.ADMIN)
                                        .takes(METER, CommandField.number("value", "where to begin"))
                                        .answers(CommandField.number("before", "what it was"))))
                : List.of();
    }

    @Override
    public CommandAnswer run(String plugin, String verb, Map<String, Object> input, String user) {
        ran.add(plugin + " " + verb + " " + input + " " + user);
        return verb.equals("readings")
                ? CommandAnswer.list(List.of(Map.of("value", 7L), Map.of("value", 8L)))
                : CommandAnswer.of(Map.of("before", 6L));
    }

    @Override
    public Operation submit(String plugin, String verb, Map<String, Object> input, String user) {
        ran.add(plugin + " " + verb + " " + input + " " + user);
        return operations.queue("plugin.command", "plugin/" + plugin);
    }
}
