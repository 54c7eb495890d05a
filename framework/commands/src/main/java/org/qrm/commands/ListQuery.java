package org.qrm.commands;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/** What a list can be asked for, out of the enumeration of its fields: a parameter for each that narrows, and {@code sort}. */
public final class ListQuery<F extends Enum<F> & ListField> {

    /** What is wanted, as people type it; its name is that of the parameter of a search, too. */
    public static final String QUERY = "query";

    private static final QueryParameter<String> LINE = QueryParameter.of(
            QUERY,
            String.class,
            "what is wanted in one line: fields with values, as state:error or memory>=64G, and a text");

    private final Map<F, QueryParameter<?>> filters = new LinkedHashMap<>();
    private final QueryParameter<String> sort;
    private final Class<F> fields;
    private final Sort<F> usual;

    /** Who has the list. */
    public interface Source<T, F extends Enum<F> & ListField> {
        Page<T> list(Filter<F> filter, Sort<F> sort, PageRequest page);
    }

    private ListQuery(Class<F> fields, Sort<F> usual) {
        this.fields = fields;
        this.usual = usual;
        for (F field : fields.getEnumConstants()) {
            if (field.use().narrows()) {
                filters.put(
                        field,
                        QueryParameter.of(
                                field.word(), field.use().type(), field.use().about()));
            }
        }
        sort = QueryParameter.sort(Sort.names(fields), usual.word());
    }

    /** @param usual the order unless another one is asked for */
    public static <F extends Enum<F> & ListField> ListQuery<F> of(Sort<F> usual) {
        return new ListQuery<>(usual.by().getDeclaringClass(), usual);
    }

    /** Those that narrow. */
    Collection<QueryParameter<?>> narrowing() {
        return Stream.concat(filters.values().stream(), Stream.of(LINE)).toList();
    }

    Collection<QueryParameter<?>> parameters() {
        return Stream.concat(filters.values().stream(), Stream.of(sort, LINE)).toList();
    }

    /** What the call wants to see. */
    public Filter<F> filter(Call call) {
        Filter<F> filter = Filter.all();
        for (Map.Entry<F, QueryParameter<?>> each : filters.entrySet()) {
            filter = filter.and(each.getKey(), call.query(each.getValue()));
        }
        String line = call.query(LINE);
        return line == null ? filter : QueryText.parse(line).narrow(filter, this);
    }

    /** The parameters that narrow, by their fields. */
    Map<F, QueryParameter<?>> filters() {
        return filters;
    }

    boolean knows(QueryText.Term term) {
        return filters.keySet().stream().anyMatch(term::names);
    }

    /** The order unless another one is asked for. */
    public Sort<F> usual() {
        return usual;
    }

    private Sort<F> sort(Call call) {
        return Sort.parse(fields, call.query(sort));
    }

    /** The page that the call asks for. */
    public <T, V> Items<V> answer(Call call, Source<T, F> source, Function<? super T, ? extends V> view) {
        return answer(call, filter(call), source, view);
    }

    /** The page that the call asks for, of less than it asks for. */
    public <T, V> Items<V> answer(
            Call call, Filter<F> filter, Source<T, F> source, Function<? super T, ? extends V> view) {
        return Items.of(source.list(filter, sort(call), call.page()), view);
    }

    /**
     * The same, of a list that is short and at hand as a whole.
     *
     * @param key tells each item from all others
     * @param all records that have a component for each field
     */
    public <V extends Record> Items<V> answer(Call call, F key, List<V> all) {
        return answer(call, filter(call), key, all);
    }

    /** The same, of less than the call asks for. */
    public <V extends Record> Items<V> answer(Call call, Filter<F> filter, F key, List<V> all) {
        return answer(call, filter, new ShortList<>(key, all)::page, Function.identity());
    }

    /** The fields it is made from. */
    public List<F> fields() {
        return Arrays.asList(fields.getEnumConstants());
    }
}
