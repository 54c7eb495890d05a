package org.qrm.api;

/**
 * Which stretch of a list is wanted.
 *
 * @param limit 1..1000 items
 * @param after the {@link Page#next} of the stretch before, or null for the first
 */
public record PageRequest(int limit, String after) {

    /** The most that one request may ask for. */
    public static final int MAX_LIMIT = 1000;

    /** As many as one request may have, from the start. */
    public static final PageRequest FIRST = new PageRequest(MAX_LIMIT, null);

    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw QrmException.invalid("list", "", "limit is " + limit, "Ask for 1 to " + MAX_LIMIT + " items.");
        }
    }
}
