package org.qrm.commands;

import java.util.List;
import java.util.function.Function;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;

/**
 * A list as it is answered.
 *
 * @param items in the list's order
 * @param next cursor for the parameter {@code after}, or null at the end
 */
public record Items<T>(List<T> items, String next) {

    public static <S, T> Items<T> of(Page<S> page, Function<? super S, ? extends T> view) {
        return new Items<>(page.items().stream().<T>map(view).toList(), page.next());
    }

    /** A stretch of a list that is at hand as a whole; the cursor is the place of the next item. */
    public static <S, T> Items<T> of(List<S> all, PageRequest page, Function<? super S, ? extends T> view) {
        int from = Math.min(place(page.after()), all.size());
        int to = Math.min(from + page.limit(), all.size());
        String next = to < all.size() ? Integer.toString(to) : null;
        return new Items<>(all.subList(from, to).stream().<T>map(view).toList(), next);
    }

    private static int place(String cursor) {
        if (cursor == null) {
            return 0;
        }
        if (!cursor.matches("[0-9]{1,9}")) {
            throw QrmException.invalid(
                    "list", Name.printable(cursor), "that is no cursor", "Pass on \"next\" of the page before.");
        }
        return Integer.parseInt(cursor);
    }
}
