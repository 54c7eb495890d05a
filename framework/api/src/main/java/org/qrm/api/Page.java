package org.qrm.api;

import java.util.List;

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
}
