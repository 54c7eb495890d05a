package org.qrm.rest.internal.fake;

import java.util.List;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;

/** Cuts a list into pages; the cursor is the index of the next item. */
final class Pages {

    private Pages() {}

    /** Whether a filter keeps back what has this value. */
    static <F extends Enum<F> & ListField> boolean isOther(Filter<F> filter, F field, Object value) {
        return filter.get(field) != null && !filter.get(field).equals(value);
    }

    static <T> Page<T> cut(List<T> all, PageRequest page) {
        int from = page.after() == null ? 0 : Integer.parseInt(page.after());
        int to = Math.min(all.size(), from + page.limit());
        return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
    }
}
