package org.qrm.cli.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** qrm(1), made of the description of the command line: each noun is a section, each verb a part of it. */
final class ManualPage {

    private final CommandLine line;
    private final StringBuilder text = new StringBuilder();

    private ManualPage(CommandLine line) {
        this.line = line;
    }

    /** @param date of the build, {@code 2006-01-31} */
    static String of(CommandLine line, String version, String date) {
        return new ManualPage(line).write(version, date);
    }

    private String write(String version, String date) {
        CommandSpec root = line.getCommandSpec();
        text.append(".\\\" made by the build\n");
        text.append(".TH QRM 1 ").append(date).append(" \"QRM ").append(version).append("\" QRM\n");
        macro("SH", "NAME");
        text.append("qrm \\- work with a QRM server over its REST interface\n");
        macro("SH", "SYNOPSIS");
        text.append(".B qrm\n.RI [ options ]\n.I NOUN VERB\n.RI [ options ]\n.RI [ arguments ]\n");
        macro("SH", "OPTIONS");
        text.append("Every command takes these.\n");
        options(root.options());
        for (CommandLine noun : new LinkedHashSet<>(line.getSubcommands().values())) {
            noun(noun);
        }
        macro("SH", "ENVIRONMENT, EXIT STATUS");
        String footer = String.join("\n", root.usageMessage().footer()).strip();
        for (String part : footer.split("\n\n")) {
            text.append(text.toString().endsWith("STATUS\"\n") ? "" : ".PP\n");
            paragraph(part.replace('\n', ' '));
        }
        macro("SH", "SEE ALSO");
        text.append(".BR qrm-plugin (1),\n.BR qrm-configurator (1),\n.BR qrm-server (8)\n");
        return text.toString();
    }

    private void noun(CommandLine noun) {
        CommandSpec spec = noun.getCommandSpec();
        macro("SH", names(spec).toUpperCase(Locale.ROOT));
        paragraph(String.join(" ", spec.usageMessage().description()));
        for (CommandLine verb : new LinkedHashSet<>(noun.getSubcommands().values())) {
            CommandSpec described = verb.getCommandSpec();
            macro("SS", "qrm " + spec.name() + " " + names(described) + arguments(described));
            paragraph(String.join(" ", described.usageMessage().description()));
            parameters(described);
        }
        if (noun.getSubcommands().isEmpty()) {
            macro("SS", "qrm " + spec.name() + arguments(spec));
            parameters(spec);
        }
    }

    private void parameters(CommandSpec verb) {
        verb.positionalParameters().forEach(this::parameter);
        options(verb.options().stream()
                .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
                .toList());
    }

    private static String names(CommandSpec spec) {
        List<String> names = new ArrayList<>(List.of(spec.name()));
        names.addAll(List.of(spec.aliases()));
        return String.join(", ", names);
    }

    private static String arguments(CommandSpec verb) {
        StringBuilder arguments = new StringBuilder();
        for (PositionalParamSpec parameter : verb.positionalParameters()) {
            String name = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
            arguments.append(' ').append(parameter.required() ? name : "[" + name + "]");
        }
        return arguments.toString();
    }

    private void parameter(PositionalParamSpec parameter) {
        if (parameter.description().length > 0) {
            text.append(".TP\n.I ").append(escaped(parameter.paramLabel())).append('\n');
            paragraph(description(parameter));
        }
    }

    private void options(List<OptionSpec> options) {
        for (OptionSpec option : options) {
            if (option.hidden()) {
                continue;
            }
            text.append(".TP\n.B ").append(escaped(String.join(", ", option.names())));
            if (option.arity().max() > 0) {
                text.append(" \\fI").append(escaped(option.paramLabel())).append("\\fR");
            }
            text.append('\n');
            paragraph(description(option));
        }
    }

    private static String description(ArgSpec argument) {
        String words = String.join(" ", argument.description());
        if (argument.completionCandidates() != null) {
            words = words.replace("${COMPLETION-CANDIDATES}", String.join(", ", argument.completionCandidates()));
        }
        words = words.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
        return words.isEmpty() ? "See above." : words;
    }

    private void paragraph(String words) {
        if (!words.isBlank()) {
            // a sentence a line, so that the space between sentences is the reader's
            for (String sentence : words.strip().split("(?<=\\.) (?=[A-Z])")) {
                text.append(escaped(wrapped(sentence))).append('\n');
            }
        }
    }

    private static String wrapped(String sentence) {
        return sentence.replaceAll("(.{1,70}) ", "$1\n")
                .replace("\n'", "\n\\&'")
                .replace("\n.", "\n\\&.");
    }

    private void macro(String name, String... arguments) {
        text.append('.').append(name);
        for (String argument : arguments) {
            text.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
        }
        text.append('\n');
    }

    private static String escaped(String words) {
        // no text of ours has a backslash of its own
        String escaped = words.replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
