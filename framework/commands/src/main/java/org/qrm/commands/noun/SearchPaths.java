package org.qrm.commands.noun;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.api.search.Matches;
import org.qrm.api.search.Search;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.QueryText;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.Words;

/** One search for all kinds of things: a text in whatever they say, or what their lists are narrowed by. */
public final class SearchPaths implements Paths {

    private static final QueryParameter<String> QUERY = QueryParameter.needed(
            ListQuery.QUERY,
            String.class,
            "a text that stands in it, as a name, an address, a serial number; and fields with values, as state:error");
    private static final QueryParameter<Integer> LIMIT =
            QueryParameter.withFallback("limit", Integer.class, "how many of each kind, 1 to 100", 10);

    private final ApiServices services;
    private final List<Kind<?, ?>> kinds;

    record FoundView(
            @About("what it is") FoundKind kind,

            @About("by what it is addressed: a number, or its name")
            String id,

            @About("what people call it; of an event its description")
            String name,

            @About(value = "where it stands; of an event its priority", optional = true)
            String state,

            @About("in what of it the text was found; empty where no text was looked for")
            String field,

            @About("what stands there") String text) {

        static FoundView of(Found found) {
            return new FoundView(
                    found.kind(),
                    found.id(),
                    found.name(),
                    found.state() == null ? null : Words.of(found.state()),
                    found.field(),
                    found.text());
        }
    }

    record KindView(
            @About("what") FoundKind kind,

            @About("how many there are beside those that are told; 1000 also for more than that")
            int more) {}

    record SearchView(
            @About("whether anything was found") boolean found,

            @About(
                    "what was found, kind by kind, of each the best first: what is the text, what begins with it, what has it")
            List<FoundView> items,

            @About("of which kinds there is something") List<KindView> kinds,

            @About("a sentence about what is not told; empty for none")
            String rest) {

        static SearchView of(List<Matches> found) {
            return new SearchView(
                    !found.isEmpty(),
                    found.stream()
                            .flatMap(matches -> matches.best().stream())
                            .map(FoundView::of)
                            .toList(),
                    found.stream()
                            .map(matches -> new KindView(matches.kind(), matches.more()))
                            .toList(),
                    rest(found));
        }

        private static String rest(List<Matches> found) {
            String more = found.stream()
                    .filter(matches -> matches.more() > 0)
                    .map(matches -> matches.more() + (matches.more() == Matches.COUNTED ? " or more" : "") + " of "
                            + Words.of(matches.kind()))
                    .collect(Collectors.joining(", "));
            return more.isEmpty() ? "" : "And more: " + more + ".";
        }
    }

    /** A list that a query with fields narrows. */
    private record Kind<T, F extends Enum<F> & ListField>(
            FoundKind kind, ListQuery<F> list, Supplier<ListQuery.Source<T, F>> source, Function<T, Found> found) {

        /** What to ask for; what the list does not understand is among the problems then. */
        Optional<Supplier<Matches>> asked(QueryText query, int most, List<QrmException> problems) {
            try {
                Filter<F> filter = query.narrow(Filter.all(), list);
                return Optional.of(() -> matches(filter, most));
            } catch (QrmException refused) {
                problems.add(refused);
                return Optional.empty();
            }
        }

        private Matches matches(Filter<F> filter, int most) {
            Page<T> page = source.get()
                    .list(
                            filter,
                            list.usual(),
                            new PageRequest(Math.min(PageRequest.MAX_LIMIT, most + Matches.COUNTED), null));
            List<T> items = page.items();
            int shown = Math.min(most, items.size());
            return new Matches(
                    kind,
                    items.subList(0, shown).stream().map(found).toList(),
                    page.next() == null ? items.size() - shown : Matches.COUNTED);
        }
    }

    public SearchPaths(ApiServices services) {
        this.services = services;
        kinds = List.of(
                new Kind<>(FoundKind.RESOURCE, ResourcePaths.LIST, () -> services.resources()::list, Found::of),
                new Kind<>(
                        FoundKind.VIRTUAL_ENVIRONMENT,
                        EnvironmentPaths.LIST,
                        () -> services.virtualEnvironments()::list,
                        Found::of),
                new Kind<>(
                        FoundKind.FILESYSTEM_IMAGE,
                        FilesystemImagePaths.LIST,
                        () -> services.filesystemImages()::list,
                        Found::of),
                new Kind<>(
                        FoundKind.STORAGE_SERVER,
                        StorageServerPaths.LIST,
                        () -> services.storageServers()::list,
                        Found::of),
                new Kind<>(FoundKind.OPERATION, OperationPaths.LIST, () -> services.operations()::list, Found::of),
                new Kind<>(FoundKind.EVENT, EventPaths.LIST, () -> services.eventLog()::list, Found::of));
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/search", "Finds whatever there is by what is known of it, the best of each kind.")
                .query(QUERY, LIMIT)
                .answers(200, SearchView.class)
                .typed(VerbSketch.of("search", "search")
                        .about("Finds resources, environments, images, storage servers, operations and events.")
                        .columns("id", "kind", "name", "state", "FOUND IN=field", "text")
                        .verdict("found", "{rest}", "Nothing is found for {query}.", 1, "items"))
                .by(this::search));
    }

    private Answer search(Call call) {
        QueryText query = QueryText.parse(call.query(QUERY));
        int most = call.query(LIMIT);
        List<Matches> found =
                query.terms().isEmpty() ? services.search().find(query.text(), most) : narrowed(query, most);
        return Answer.ok(SearchView.of(found));
    }

    private List<Matches> narrowed(QueryText query, int most) {
        if (most < 1 || most > Search.MOST) {
            throw QrmException.invalid(
                    "search", "", "limit is " + most, "Ask for 1 to " + Search.MOST + " of each kind.");
        }
        List<QrmException> problems = new ArrayList<>();
        List<Supplier<Matches>> asked = kinds.stream()
                .flatMap(kind -> kind.asked(query, most, problems).stream())
                .toList();
        if (asked.isEmpty()) {
            throw query.refusedByAll(
                    kinds.stream().<ListQuery<?>>map(Kind::list).toList(), problems);
        }
        return asked.stream()
                .map(Supplier::get)
                .filter(matches -> !matches.best().isEmpty())
                .toList();
    }
}
