package org.qrm.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A stretch of a list.
 *
 * @param items at most as many as were asked for, in the list's order
 * @param next the cursor to ask on with ({@link PageRequest#after}), or null at the end
 */
public record Page<T>(List<T> items, String next) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * All items of a list, page by page. What is added or goes meanwhile may be among them or not.
     *
     * @param list answers a stretch of it
     */
    public static <T> List<T> all(Function<PageRequest, Page<T>> list) {
        List<T> all = new ArrayList<>();
        String after = null;
        do {
            Page<T> page = list.apply(new PageRequest(PageRequest.MAX_LIMIT, after));
            all.addAll(page.items);
            after = page.next;
        } while (after != null);
        return all;
    }
}
