package org.qrm.core.store;

import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;
import org.qrm.api.Name;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;

/**
 * Pages of rows that are sorted by a column, equals by their key. A page begins behind the last row of the page before,
 * whatever has become of that row.
 *
 * @param column that the rows are sorted by
 * @param key tells each row from all others; may be the same
 * @param descending the greatest first
 */
public record Ordering<T>(Column<T> column, Column<T> key, boolean descending) {

    /**
     * A column of a table.
     *
     * @param name in SQL
     * @param number whether it holds whole numbers; else texts
     * @param value of a row
     */
    public record Column<T>(String name, boolean number, Function<T, Object> value) {

        Object read(PageRequest page, String text) {
            try {
                return number ? (Object) Long.valueOf(text) : text;
            } catch (NumberFormatException malformed) {
                throw malformed(page);
            }
        }
    }

    /** The condition for rows of this page and those behind it. */
    public String behind(PageRequest page) {
        if (page.after() == null) {
            return "1 = 1";
        }
        String greater = descending ? "<" : ">";
        return single()
                ? key.name + " " + greater + " :afterKey"
                : column.name + " " + greater + "= :after and (" + column.name + " " + greater + " :after or "
                        + key.name + " " + greater + " :afterKey)";
    }

    /** Gives the condition its values; INVALID for a cursor that is none of this order. */
    public void bind(Query query, PageRequest page) {
        if (page.after() == null) {
            return;
        }
        if (single()) {
            query.bind("afterKey", key.read(page, page.after()));
            return;
        }
        int middle = page.after().lastIndexOf('/');
        if (middle < 0) {
            throw malformed(page);
        }
        query.bind("after", column.read(page, page.after().substring(0, middle)));
        query.bind("afterKey", key.read(page, page.after().substring(middle + 1)));
    }

    /** {@code " order by …"}. */
    public String clause() {
        String way = descending ? " desc" : "";
        return " order by " + (single() ? "" : column.name + way + ", ") + key.name + way;
    }

    /** The cursor that stands behind a row. */
    public String cursor(T row) {
        return (single() ? "" : column.value.apply(row) + "/") + key.value.apply(row);
    }

    private boolean single() {
        return column.name.equals(key.name);
    }

    private static QrmException malformed(PageRequest page) {
        return QrmException.invalid(
                "list",
                Name.printable(page.after()),
                "that is no cursor of a list in this order",
                "Pass on \"next\" of the page before, with the same order.");
    }
}
