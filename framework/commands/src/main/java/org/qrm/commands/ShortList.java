package org.qrm.commands;

import java.util.Comparator;
import java.util.List;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;

/**
 * A list that is short and at hand as a whole, narrowed and sorted as the database does it with long ones.
 *
 * @param key tells each item from all others
 * @param all records that have a component for each field
 */
record ShortList<V extends Record, F extends Enum<F> & ListField>(F key, List<V> all) {

    Page<V> page(Filter<F> filter, Sort<F> sort, PageRequest page) {
        Comparator<V> order = Comparator.<V, Comparable<Object>>comparing(item -> value(item, sort.by()))
                .thenComparing(item -> value(item, key));
        Comparator<V> wanted = sort.descending() ? order.reversed() : order;
        List<V> found = all.stream()
                .filter(item -> filter.wanted().entrySet().stream()
                        .allMatch(each -> each.getValue().equals(component(item, each.getKey()))))
                .sorted(wanted)
                .dropWhile(item -> !isBehind(item, sort, page))
                .limit(page.limit() + 1L)
                .toList();
        if (found.size() <= page.limit()) {
            return new Page<>(found, null);
        }
        List<V> items = found.subList(0, page.limit());
        return new Page<>(items, cursor(sort, items.get(items.size() - 1)));
    }

    private String cursor(Sort<F> sort, V item) {
        return sort.by() == key ? text(item, key) : text(item, sort.by()) + "/" + text(item, key);
    }

    private String text(V item, F field) {
        return String.valueOf((Object) value(item, field));
    }

    private boolean isBehind(V item, Sort<F> sort, PageRequest page) {
        if (page.after() == null) {
            return true;
        }
        int middle = sort.by() == key ? -1 : page.after().lastIndexOf('/');
        if (middle < 0 && sort.by() != key) {
            throw malformed(page);
        }
        int compared =
                middle < 0 ? 0 : compare(item, sort.by(), page, page.after().substring(0, middle));
        if (compared == 0) {
            compared = compare(item, key, page, page.after().substring(middle + 1));
        }
        return sort.descending() ? compared < 0 : compared > 0;
    }

    private int compare(V item, F field, PageRequest page, String text) {
        Comparable<Object> value = value(item, field);
        try {
            return value.compareTo((Object) value instanceof Long ? (Object) Long.valueOf(text) : text);
        } catch (NumberFormatException e) {
            throw malformed(page);
        }
    }

    /** Constants by their names, as the database has them. */
    @SuppressWarnings("unchecked")
    private static <F extends ListField> Comparable<Object> value(Record item, F field) {
        Object value = component(item, field);
        Object comparable = value;
        if (value instanceof Enum<?> constant) {
            comparable = constant.name();
        } else if (value instanceof Number number) {
            comparable = number.longValue();
        }
        return (Comparable<Object>) comparable;
    }

    private static Object component(Record item, ListField field) {
        return Fields.value(item, field.word());
    }

    private static QrmException malformed(PageRequest page) {
        return QrmException.invalid(
                "list",
                Name.printable(page.after()),
                "that is no cursor of a list in this order",
                "Pass on \"next\" of the page before, with the same order.");
    }
}
