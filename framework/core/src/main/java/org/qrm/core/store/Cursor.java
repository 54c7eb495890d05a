package org.qrm.core.store;

import java.util.List;
import java.util.function.Function;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;

/** Cursors of lists: the key of the last item of the page before. */
public final class Cursor {

    private Cursor() {}

    /** The cursor as a text, or the empty text before the first page. */
    public static String text(PageRequest page) {
        return page.after() == null ? "" : page.after();
    }

    /** The cursor of a list whose items are numbered. */
    public static int number(PageRequest page) {
        if (!page.after().matches("[0-9]{1,9}")) {
            throw Column.malformed(page);
        }
        return Integer.parseInt(page.after());
    }

    /** Makes a page of rows of which one more than asked for was read. */
    public static <T> Page<T> page(List<T> rows, PageRequest page, Function<T, String> key) {
        if (rows.size() <= page.limit()) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, page.limit());
        return new Page<>(items, key.apply(items.get(items.size() - 1)));
    }
}
