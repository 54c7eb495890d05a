package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.operation.OperationField;
import org.qrm.api.search.FilteredList;
import org.qrm.api.search.SavedFilter;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryText;
import org.qrm.commands.Restless;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.line.Far;

/** Queries of lists that a user comes back to: everybody their own. */
public final class FilterPaths implements Paths {

    private static final String PATH = "/filters";
    private static final String NOUN = "filter";

    /** Nobody reads a greater number, and it bounds what counting costs. */
    private static final int COUNTED = 20_000;

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    enum Field implements ListField {
        NAME(Use.sorts()),
        LIST(Use.narrows(FilteredList.class, "only those of this list"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    private final ApiServices services;

    record FilterView(
            @About("as its user calls it, unique among the user's")
            String name,

            @About("what it narrows") FilteredList list,
            @About("the query: state:error tag:rack=7") String query,

            @About(
                    value = "how many fit it now, 20000 for more; none when its list does not understand it any longer",
                    optional = true)
            Long count)
            implements Restless {

        @Override
        public Object calm() {
            return List.of(name, list, query);
        }
    }

    record Request(
            @About(
                    value = "1 to 63 letters, digits, blanks and . , _ - : = + ( ), beginning with a letter or digit",
                    most = 63)
            String name,

            @About("what it narrows") FilteredList list,

            @About(
                    value = "the query: state:error tag:rack=7; all that there is unless given",
                    optional = true,
                    most = 500)
            String query) {}

    record Change(
            @About(value = "its new name; stays unless given", optional = true, most = 63)
            String name,

            @About(value = "its new query; stays unless given", optional = true, most = 500)
            String query) {}

    public FilterPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the caller's saved filters, and how many fit each now.")
                        .listed(LIST)
                        .answersListOf(FilterView.class)
                        .typed(VerbSketch.of(NOUN, "list").columns("name", "list", "count", "query"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.NAME,
                                services.savedFilters().of(call.caller().name()).stream()
                                        .map(this::view)
                                        .toList()))),
                Route.post(PATH, "Saves a query of a list under a name, for the caller.")
                        .only(Role.VIEWER)
                        .takes(Request.class)
                        .answers(201, FilterView.class)
                        .typed(VerbSketch.of(NOUN, "create").argument("name").done("Filter {name} is saved."))
                        .by(this::create),
                Route.get(PATH + "/{filter}", "One of the caller's saved filters, and how many fit it now.")
                        .answers(200, FilterView.class)
                        .typed(VerbSketch.of(NOUN, "show"))
                        .by(call -> Answer.ok(view(find(call)))),
                Route.patch(PATH + "/{filter}", "Gives a saved filter another name or query.")
                        .only(Role.VIEWER)
                        .takes(Change.class)
                        .answers(200, FilterView.class)
                        .typed(VerbSketch.of(NOUN, "update").done("Filter {name} is changed."))
                        .by(this::update),
                Route.delete(PATH + "/{filter}", "Forgets a saved filter.")
                        .only(Role.VIEWER)
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of(NOUN, "delete").done("Filter {filter} is deleted."))
                        .by(this::delete));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        SavedFilter filter = new SavedFilter(
                call.caller().name(), request.name, request.list, Objects.requireNonNullElse(request.query, ""));
        long count = count(filter);
        services.savedFilters().create(filter);
        return Answer.created(PATH + "/" + Far.encoded(filter.name()), view(filter, count));
    }

    private Answer update(Call call) throws Exception {
        Change change = call.body(Change.class);
        SavedFilter before = find(call);
        SavedFilter after = new SavedFilter(
                before.user(),
                Objects.requireNonNullElse(change.name, before.name()),
                before.list(),
                Objects.requireNonNullElse(change.query, before.query()));
        // a name can be changed whatever has become of the query
        Long count = after.query().equals(before.query()) ? countIfUnderstood(after) : Long.valueOf(count(after));
        services.savedFilters().update(before.name(), after, call.expected(FilterPaths::uncounted));
        return Answer.ok(view(after, count));
    }

    private Answer delete(Call call) {
        SavedFilter filter = find(call);
        services.savedFilters().delete(filter.user(), filter.name(), call.expected(FilterPaths::uncounted));
        return Answer.NO_CONTENT;
    }

    private SavedFilter find(Call call) {
        String name = call.path("filter");
        return services.savedFilters()
                .find(call.caller().name(), name)
                .orElseThrow(() -> QrmException.notFound("find filter", NOUN, Name.printable(name)));
    }

    private FilterView view(SavedFilter filter) {
        return view(filter, countIfUnderstood(filter));
    }

    /** Its tag does not tell how many fit. */
    private static FilterView uncounted(SavedFilter filter) {
        return view(filter, null);
    }

    private static FilterView view(SavedFilter filter, Long count) {
        return new FilterView(filter.name(), filter.list(), filter.query(), count);
    }

    /** Of another version of this program it may have been understood. */
    private Long countIfUnderstood(SavedFilter filter) {
        try {
            return count(filter);
        } catch (QrmException failed) {
            if (failed.problem().kind() != Problem.Kind.INVALID) {
                throw failed;
            }
            return null;
        }
    }

    /** @throws QrmException INVALID for a query that its list does not understand */
    private long count(SavedFilter filter) {
        QueryText query = QueryText.parse(filter.query());
        return switch (filter.list()) {
            case RESOURCES -> services.resources().count(query.narrow(Filter.all(), ResourcePaths.LIST), COUNTED);
            case VIRTUAL_ENVIRONMENTS ->
                services.virtualEnvironments().count(query.narrow(Filter.all(), EnvironmentPaths.LIST), COUNTED);
            case OPERATIONS -> services.operations().count(whole(query), COUNTED);
            case EVENTS -> services.eventLog().count(query.narrow(Filter.all(), EventPaths.LIST), COUNTED);
        };
    }

    /** Parts are not in the list, unless somebody asks for them. */
    private static Filter<OperationField> whole(QueryText query) {
        Filter<OperationField> filter = query.narrow(Filter.all(), OperationPaths.LIST);
        boolean parts = filter.get(OperationField.WHOLE) != null || filter.get(OperationField.PART_OF) != null;
        return parts ? filter : filter.and(OperationField.WHOLE, true);
    }
}
