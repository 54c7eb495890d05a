package org.qrm.cli.internal;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.VerbLine;
import org.qrm.commands.line.noun.Nouns;
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

    /**
     * A noun with its verbs, or with the one that is named.
     *
     * @param made verbs that the server's description makes
     * @param byHand has the others as methods; null where there is none
     */
    CommandLine verbs(String noun, String about, List<Verb> made, Object byHand, VerbLine.Face face) {
        if (made.stream().anyMatch(Verb::alone)) {
            return new CommandLine(VerbLine.of(made.get(0), face));
        }
        CommandSpec spec = byHand == null
                ? CommandSpec.create()
                : named(byHand).isPresent() || isMade(made)
                        ? CommandSpec.wrapWithoutInspection(byHand)
                        : CommandSpec.forAnnotatedObject(byHand);
        spec.name(noun).mixinStandardHelpOptions(true);
        spec.usageMessage().description(about);
        Optional<Method> oneByHand = byHand == null ? Optional.empty() : named(byHand);
        if (oneByHand.isPresent()) {
            CommandLine verb = new CommandLine(oneByHand.get());
            spec.addSubcommand(verb.getCommandName(), verb);
        } else {
            made.stream()
                    .filter(verb -> !isMade(made) || isWanted(verb.name()))
                    .forEach(verb -> spec.addSubcommand(verb.name(), VerbLine.of(verb, face)));
        }
        return new CommandLine(spec);
    }

    private boolean isMade(List<Verb> made) {
        return made.stream().anyMatch(verb -> isWanted(verb.name()));
    }

    private boolean isWanted(String verb) {
        return words != null
                && words.stream()
                        .skip(1)
                        .anyMatch(word -> word.replace('_', '-').equals(verb));
    }

    private Optional<Method> named(Object byHand) {
        return Nouns.verbs(byHand.getClass()).stream()
                .filter(method -> isWanted(method.getAnnotation(Command.class).name()))
                .findFirst();
    }
}
