package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.Test;
import org.qrm.commands.Commands;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.Words;
import org.qrm.commands.line.Verb;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;

/** docs/reference.md says what the description of the server's commands says. */
public class ReferenceTest {

    private static final Path PAGE = Path.of("../../docs/reference.md");
    private static final Path NOW = Path.of("target/reference.md");

    private final Commands commands = new Commands(new FakeServices(), new FakeLogin());

    @Test
    public void thePageIsWhatTheDescriptionSays() throws IOException {
        Files.writeString(NOW, page());
        assertEquals(
                "the commands have changed: copy framework/rest/" + NOW + " to docs/reference.md",
                page(),
                Files.exists(PAGE) ? Files.readString(PAGE) : "");
    }

    private String page() {
        StringBuilder page = new StringBuilder("""
                # All verbs

                Written by the build from the description that the faces are made of, and compared with it: each verb is `qrm NOUN VERB`, `qrm:NOUN-VERB` at the Karaf console (`search` is both), and a
                request below `/api/v1`. Options that every verb has are in [cli.md](cli.md); verbs that do more than to ask the server are there, too.
                """);
        commands.verbs().forEach((noun, verbs) -> {
            page.append("\n## ")
                    .append(noun)
                    .append('\n')
                    .append(Commands.about().get(noun));
            page.append("\n\n| verb | | role | request | options |\n| --- | --- | --- | --- | --- |\n");
            verbs.forEach(verb -> page.append(row(verb)));
        });
        page.append("\n## Filters and orders of lists\n\n| list | narrowed by | sorted by |\n| --- | --- | --- |\n");
        commands.routes().stream().filter(route -> sort(route) != null).forEach(route -> page.append(list(route)));
        return page.toString();
    }

    private String row(Verb verb) {
        Route route = commands.routes().stream()
                .filter(each -> each.verbs().contains(verb))
                .findFirst()
                .orElseThrow();
        String words = verb.arguments().stream()
                .map(argument -> " " + (argument.optional() ? "[" + argument.label() + "]" : argument.label())
                        + (argument.many() ? "…" : ""))
                .collect(Collectors.joining());
        String options = verb.options().stream().map(Verb.Option::name).collect(Collectors.joining(" "));
        return "| `%s%s` | %s | %s | `%s %s` | %s |\n"
                .formatted(
                        verb.name(),
                        words,
                        verb.about(),
                        Words.of(route.role()),
                        verb.method(),
                        verb.path(),
                        options.isEmpty() ? "" : "`" + options + "`");
    }

    private static QueryParameter<?> sort(Route route) {
        return route.query().stream()
                .filter(parameter -> parameter.name().equals("sort"))
                .findFirst()
                .orElse(null);
    }

    private static String list(Route route) {
        Map<Boolean, List<String>> orders =
                sort(route).words().stream().collect(Collectors.partitioningBy(word -> word.startsWith("-")));
        String filters = route.query().stream()
                .filter(parameter -> !List.of("sort", "limit", "after", "fields", ListQuery.QUERY)
                        .contains(parameter.name()))
                .map(QueryParameter::name)
                .collect(Collectors.joining(" "));
        return "| `%s` | %s | `%s`; `%s` unless asked for |\n"
                .formatted(
                        route.path(),
                        filters.isEmpty() ? "" : "`" + filters + "`",
                        String.join(" ", orders.get(false)),
                        sort(route).fallback());
    }
}
