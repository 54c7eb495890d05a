package org.qrm.shell.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.commands.Commands;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.noun.Nouns;

/** Completes options, their words, and the names that the server knows just now. */
final class VerbCompleter implements Completer {

    private static final int MOST = 1000;
    private static final List<String> OF_EVERY_VERB =
            List.of("--columns", "--help", "--json", "--no-headers", "--output");

    /** Lists whose items are no noun with a verb {@code list}. */
    private static final Map<String, String> LISTS = Map.of(
            "partition", "/resources?kind=partition&",
            "plugin-file", "/plugin-files?");

    private final Verb verb;
    private final Commands described;
    private final Supplier<Far> far;

    VerbCompleter(Verb verb, Commands described, Supplier<Far> far) {
        this.verb = verb;
        this.described = described;
        this.far = far;
    }

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        int at = line.getCursorArgumentIndex();
        List<String> before = new ArrayList<>(
                Arrays.asList(line.getArguments()).subList(1, Math.min(at, line.getArguments().length)));
        List<String> found = candidates(before, line.getCursorArgument());
        if (found.equals(List.of(Nouns.FILE))) {
            return new FileCompleter().complete(session, line, candidates);
        }
        StringsCompleter known = new StringsCompleter();
        found.forEach(known.getStrings()::add);
        return known.complete(session, line, candidates);
    }

    private List<String> candidates(List<String> before, String word) {
        Optional<Verb.Option> open = before.isEmpty() ? Optional.empty() : option(before.get(before.size() - 1));
        if (open.isPresent() && open.get().kind() != Verb.Kind.FLAG) {
            return open.get().words().isEmpty()
                    ? names(open.get().reference(), before)
                    : open.get().words();
        }
        if (word != null && word.startsWith("-")) {
            List<String> options = new ArrayList<>(OF_EVERY_VERB);
            verb.options().forEach(option -> options.add(option.name()));
            if (verb.answer() == Verb.Form.OPERATION) {
                options.addAll(List.of("--wait", "--timeout"));
            }
            return options;
        }
        List<Verb.Argument> arguments = verb.arguments();
        int position = Math.min(words(before).size(), arguments.size() - 1);
        boolean taken = words(before).size() >= arguments.size()
                && (arguments.isEmpty() || !arguments.get(arguments.size() - 1).many());
        return taken ? List.of() : names(arguments.get(position).reference(), before);
    }

    /** What was typed for arguments. */
    private List<String> words(List<String> before) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Optional<Verb.Option> option = option(before.get(i));
            if (option.isPresent() && option.get().kind() != Verb.Kind.FLAG) {
                i++;
            } else if (!before.get(i).startsWith("-")) {
                words.add(before.get(i));
            }
        }
        return words;
    }

    private Optional<Verb.Option> option(String word) {
        return verb.options().stream()
                .filter(option -> option.name().equals(word))
                .findFirst();
    }

    private List<String> names(String noun, List<String> before) {
        if (noun.isEmpty()) {
            return List.of();
        }
        if (noun.equals(Nouns.FILE)) {
            return List.of(Nouns.FILE);
        }
        try {
            List<String> names = new ArrayList<>();
            items(noun, words(before)).forEach(item -> names.add(name(noun, item)));
            return names;
        } catch (Failure | IndexOutOfBoundsException none) {
            return List.of();
        }
    }

    /** Among what the words before name, or all that there are. */
    private JsonNode items(String noun, List<String> words) {
        return switch (noun) {
            case "boot-file" ->
                far.get().get("/boot-images/" + Far.encoded(words.get(0))).path("files");
            case Nouns.SECRET_ARGUMENT ->
                far.get()
                        .get("/virtual-environments/" + Far.encoded(words.get(0)))
                        .path("secretArguments");
            case Nouns.SETTING ->
                far.get()
                        .get("/resources/" + Far.encoded(words.get(0)) + "/settings?limit=" + MOST)
                        .path("items");
            default -> far.get().get(list(noun) + "limit=" + MOST).path("items");
        };
    }

    private static String name(String noun, JsonNode item) {
        if (noun.equals(Nouns.SETTING)) {
            return item.path("name").asText() + (item.path("type").asText().equals("secret") ? "" : "=");
        }
        return (item.isTextual()
                        ? item
                        : noun.equals("token") || !item.has("name") ? item.path("id") : item.path("name"))
                .asText();
    }

    private String list(String noun) {
        return LISTS.getOrDefault(
                noun,
                described.verbs().getOrDefault(noun, List.of()).stream()
                                .filter(each -> each.name().equals("list"))
                                .findFirst()
                                .map(Verb::path)
                                .orElse("/" + noun)
                        + "?");
    }
}
