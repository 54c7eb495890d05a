package org.qrm.core.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.api.search.Matches;

/**
 * How a table is searched for a text, the database doing it.
 *
 * @param columns what is read of it, and mapped by the next
 * @param row of an item
 * @param name of an item, which comes first among equals
 * @param places others
 * @param order of what is equally good
 * @param newest only so many rows are looked through, those with the greatest ids; 0 for all
 * @param found what is told of an item
 * @param says what stands in an item, the name first: the same as in the columns
 */
public record Searched<T>(
        FoundKind kind,
        String table,
        String columns,
        RowMapper<T> row,
        Place name,
        List<Place> places,
        String order,
        long newest,
        Function<T, Found> found,
        Function<T, List<Said>> says) {

    /** So many rows of a table that only grows. */
    public static final long NEWEST = 10_000;

    /** The best so many, and how many more there are. */
    public Matches find(Handle handle, Sought sought, int most) {
        long least = newest == 0 ? 0 : newestOf(handle) - newest;
        String from = " from " + table + " where " + (newest == 0 ? "" : "id > :least and ") + where();
        List<T> best = query(
                        handle,
                        "select " + columns + ", " + rank() + " as found_rank" + from + " order by found_rank, " + order
                                + " fetch first " + (most + 1) + " rows only",
                        sought,
                        least)
                .map(row)
                .list();
        int shown = Math.min(most, best.size());
        int more = best.size() <= most ? 0 : counted(handle, from, sought, least, most) - most;
        return new Matches(
                kind,
                best.subList(0, shown).stream().map(item -> told(item, sought)).toList(),
                Math.min(Matches.COUNTED, more));
    }

    private long newestOf(Handle handle) {
        return handle.createQuery("select coalesce(max(id), 0) from " + table)
                .mapTo(Long.class)
                .one();
    }

    /** Ends where counting does not matter any more. */
    private int counted(Handle handle, String from, Sought sought, long least, int most) {
        return query(
                        handle,
                        "select count(*) from (select 1 as one" + from + " fetch first " + (most + Matches.COUNTED + 1)
                                + " rows only) t",
                        sought,
                        least)
                .mapTo(Integer.class)
                .one();
    }

    private static Query query(Handle handle, String sql, Sought sought, long least) {
        Query query = handle.createQuery(sql);
        query.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
        for (Map.Entry<String, Object> value : sought.values().entrySet()) {
            query.bind(value.getKey(), value.getValue());
        }
        return query.bind("least", least);
    }

    private String where() {
        return any(all(), Place::has);
    }

    private List<Place> all() {
        List<Place> all = new ArrayList<>(places);
        all.add(0, name);
        return all;
    }

    private String rank() {
        return "case when " + name.exact() + " then 0 when " + any(places, Place::exact) + " then 1 when "
                + name.begins() + " then 2 when " + any(places, Place::begins) + " then 3 when " + name.has()
                + " then 4 else 5 end";
    }

    private static String any(List<Place> places, Function<Place, String> condition) {
        return places.stream().map(condition).collect(Collectors.joining(" or ", "(", ")"));
    }

    /** With where it was found; a letter that the database makes small otherwise leaves that open. */
    private Found told(T item, Sought sought) {
        Optional<Said> best = says.apply(item).stream()
                .filter(said -> sought.rank(said.text()) < 3)
                .min(Comparator.comparingInt(said -> sought.rank(said.text())));
        return best.map(said -> found.apply(item)
                        .in(said.field(), said.shown() == null ? sought.around(said.text()) : said.shown()))
                .orElseGet(() -> found.apply(item));
    }
}
