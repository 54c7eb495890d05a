package org.qrm.cli.internal;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Which part of the command line its words are likely about. To describe all verbs with their options takes longer than
 * most of them take to be carried out; to describe one, a tenth of that.
 *
 * @param words null for everything; else a noun and a verb, each as far as there is one
 */
record Wanted(List<String> words) {

    static final Wanted EVERYTHING = new Wanted(null);

    private static final List<String> ABOUT_ITSELF = List.of("--version", "-V");

    /** Help tells of what is beside, too, so all is wanted then. */
    static Wanted by(String... arguments) {
        List<String> words = List.of(arguments);
        if (words.size() == 1 && ABOUT_ITSELF.contains(words.get(0))) {
            return new Wanted(List.of());
        }
        for (int i = 0; i < words.size(); i++) {
            if (CommandLineOfQrm.noun(words.get(i)) != null) {
                boolean help = words.contains("--help") || words.contains("-h");
                return new Wanted(help ? words.subList(i, i + 1) : words.subList(i, words.size()));
            }
        }
        return EVERYTHING;
    }

    boolean noun(String name) {
        return words == null || !words.isEmpty() && name.equals(CommandLineOfQrm.noun(words.get(0)));
    }

    /** A noun with its verbs, or with the one that is named. */
    CommandLine verbs(Object commands) {
        return words == null
                ? new CommandLine(commands)
                : words.stream()
                        .skip(1)
                        .flatMap(word -> Arrays.stream(commands.getClass().getDeclaredMethods())
                                .filter(method -> isVerb(method, word)))
                        .findFirst()
                        .map(verb -> withOneVerb(commands, verb))
                        .orElseGet(() -> new CommandLine(commands));
    }

    private static boolean isVerb(Method method, String word) {
        Command verb = method.getAnnotation(Command.class);
        return verb != null
                && (verb.name().equals(word) || List.of(verb.aliases()).contains(word));
    }

    private static CommandLine withOneVerb(Object commands, Method verb) {
        CommandSpec noun = CommandSpec.wrapWithoutInspection(commands);
        CommandLine described = new CommandLine(verb);
        noun.addSubcommand(described.getCommandName(), described);
        return new CommandLine(noun);
    }
}
