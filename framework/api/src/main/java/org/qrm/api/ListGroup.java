package org.qrm.api;

import java.util.Objects;

/**
 * Items of a list that have something in common.
 *
 * @param group what narrows the list to them: {@code state:idle}, {@code tag:rack:7}; {@code tag:rack} for those that have none
 * @param value what they have in common, in small letters when it is a constant; null when they have none
 * @param number how many they are
 */
public record ListGroup(String group, String value, long number) {

    public ListGroup {
        Objects.requireNonNull(group);
    }
}
