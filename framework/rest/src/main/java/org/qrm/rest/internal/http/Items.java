package org.qrm.rest.internal.http;

import java.util.List;
import java.util.function.Function;
import org.qrm.api.Page;

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

    /** All there is. */
    public static <S, T> Items<T> of(List<S> all, Function<? super S, ? extends T> view) {
        return new Items<>(all.stream().<T>map(view).toList(), null);
    }
}
