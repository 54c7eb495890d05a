package org.qrm.core.store;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.ListGroup;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/**
 * Pages of a table's rows, narrowed and sorted by the database; equals stand in the order of their key. A page begins behind the
 * last row of the page before, whatever has become of that row.
 *
 * @param table what is selected from
 * @param row of an item
 * @param key tells each row from all others
 * @param columns of the fields
 */
public record Listing<T, F extends Enum<F> & ListField>(
        String table, RowMapper<T> row, F key, Function<F, Column<T>> columns) {

    /** A page of the list. */
    public Page<T> page(Handle handle, Filter<F> filter, Sort<F> sort, PageRequest page) {
        List<T> rows = rows(handle, filter, sort, page);
        return Cursor.page(rows, page, row -> cursor(sort, row));
    }

    /** The rows of a page, and one more if there are more. */
    private List<T> rows(Handle handle, Filter<F> filter, Sort<F> sort, PageRequest page) {
        Map<String, Object> values = new LinkedHashMap<>();
        String where = where(filter, values);
        if (page.after() != null) {
            where += " and " + behind(sort, page, values);
        }
        return query(
                        handle,
                        "select * from " + table + where + order(sort) + " fetch first " + (page.limit() + 1)
                                + " rows only",
                        values)
                .map(row)
                .list();
    }

    /** How many it lets through, counted up to so many. */
    public long count(Handle handle, Filter<F> filter, int most) {
        Map<String, Object> values = new LinkedHashMap<>();
        return query(
                        handle,
                        "select count(*) from (select " + columns.apply(key).name() + " from " + table
                                + where(filter, values) + " fetch first " + most + " rows only) as counted",
                        values)
                .mapTo(Long.class)
                .one();
    }

    /**
     * How many it lets through of each group.
     *
     * @throws org.qrm.api.QrmException INVALID for what nothing is grouped by
     */
    public List<ListGroup> groups(Handle handle, Filter<F> filter, Groupings groupings, String word) {
        Groupings.By by = groupings.by(word);
        Map<String, Object> values = new LinkedHashMap<>();
        String sql = "select " + by.column() + " as told, count(*) as number from " + table + where(filter, values)
                + " group by " + by.column();
        Map<String, Long> counted = new HashMap<>();
        query(handle, sql, values)
                .map((row, context) -> counted.put(row.getString("told"), row.getLong("number")))
                .list();
        return by.groups(counted);
    }

    private static Query query(Handle handle, String sql, Map<String, Object> values) {
        Query query = handle.createQuery(sql);
        values.forEach(query::bind);
        return query;
    }

    /** The condition of a filter; what it compares with is added to the values. */
    private String where(Filter<F> filter, Map<String, Object> values) {
        StringBuilder where = new StringBuilder(" where 1 = 1");
        filter.wanted().forEach((field, wanted) -> {
            Column.Rows rows = columns.apply(field).rows().apply(wanted);
            String name = "only" + field.ordinal();
            where.append(" and ").append(rows.condition().replace(":value", ":" + name));
            if (rows.bound() != null) {
                values.put(name, rows.bound());
            }
        });
        return where.toString();
    }

    /** The condition for rows behind the page before; INVALID for a cursor that is none of this order. */
    private String behind(Sort<F> sort, PageRequest page, Map<String, Object> values) {
        Column<T> last = columns.apply(key);
        String greater = sort.descending() ? " < " : " > ";
        if (sort.by() == key) {
            values.put("afterKey", last.read(page, page.after()));
            return last.name() + greater + ":afterKey";
        }
        Column<T> column = columns.apply(sort.by());
        int middle = page.after().lastIndexOf('/');
        if (middle < 0) {
            throw Column.malformed(page);
        }
        values.put("after", column.read(page, page.after().substring(0, middle)));
        values.put("afterKey", last.read(page, page.after().substring(middle + 1)));
        return column.name() + greater.stripTrailing() + "= :after and (" + column.name() + greater + ":after or "
                + last.name() + greater + ":afterKey)";
    }

    private String order(Sort<F> sort) {
        String way = sort.descending() ? " desc" : "";
        String last = columns.apply(key).name() + way;
        return " order by "
                + (sort.by() == key ? last : columns.apply(sort.by()).name() + way + ", " + last);
    }

    /** Stands behind a row. */
    private String cursor(Sort<F> sort, T row) {
        String last = String.valueOf(columns.apply(key).value().apply(row));
        return sort.by() == key ? last : columns.apply(sort.by()).value().apply(row) + "/" + last;
    }
}
