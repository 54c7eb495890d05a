package org.qrm.core.command;

import static org.qrm.core.call.Admission.answered;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommand;
import org.qrm.api.command.PluginCommands;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;

/** A command of a plug-in, with what it said of itself when it arrived. */
public final class AdmittedCommand implements PluginCommand, Admission.Guarded {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Parameters of the interface, and options of the command lines. */
    private static final Set<String> OF_EVERY_COMMAND = Set.of(
            "after",
            "cacert",
            "columns",
            "credentials",
            "fields",
            "follow",
            "help",
            "json",
            "limit",
            "noHeaders",
            "output",
            "timeout",
            "url",
            "user",
            "version",
            "wait",
            "watch");

    private final PluginCommand command;
    private final String plugin;
    private final CommandDescription description;

    private AdmittedCommand(PluginCommand command, String plugin, CommandDescription description) {
        this.command = command;
        this.plugin = plugin;
        this.description = description;
    }

    /** Asks a command that arrived what it is. */
    public static Admission<PluginCommand> by(PluginCalls calls) {
        return command -> {
            String who = "command " + command.getClass().getName();
            String plugin = answered(
                    who,
                    "plugin",
                    calls.call(command, who, LIMIT, null, command::plugin),
                    Admission.PLUGIN_ID,
                    "\"xen\"");
            CommandDescription description =
                    answered(who, "description", calls.call(command, who, LIMIT, null, command::description));
            String words = plugin + " " + description.verb();
            if (PluginCommands.TAKEN.contains(plugin)) {
                throw Admission.useless(who, plugin + " is a noun of the server");
            }
            refuseUseless(who, description);
            refuseDoubles(who, "takes", description.input());
            refuseDoubles(who, "answers", description.output());
            return new Admission.Admitted<>(new AdmittedCommand(command, plugin, description), "command " + words);
        };
    }

    /** What a face could not offer. */
    private static void refuseUseless(String who, CommandDescription description) {
        if (description.isList() && description.effect() != CommandDescription.Effect.READS) {
            throw Admission.useless(who, "only a command that reads answers a list");
        }
        description.input().stream()
                .map(CommandField::name)
                .filter(OF_EVERY_COMMAND::contains)
                .forEach(name -> {
                    throw Admission.useless(who, name + " is a parameter of every command");
                });
    }

    private static void refuseDoubles(String who, String what, List<CommandField> fields) {
        Set<String> names = new HashSet<>();
        for (CommandField field : fields) {
            if (!names.add(field.name())) {
                throw Admission.useless(who, "it " + what + " " + field.name() + " twice");
            }
        }
    }

    @Override
    public Object original() {
        return command;
    }

    @Override
    public String plugin() {
        return plugin;
    }

    @Override
    public CommandDescription description() {
        return description;
    }

    @Override
    public CommandAnswer run(CommandCall call) {
        return CommandCheck.checked(plugin + " " + description.verb(), description, command.run(call));
    }
}
