package org.qrm.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which items of a list are wanted: those that all its fields let through.
 *
 * @param <F> what the list can be narrowed by
 */
public final class Filter<F extends Enum<F> & ListField> {

    private final Map<F, Object> wanted;

    private Filter(Map<F, Object> wanted) {
        this.wanted = Collections.unmodifiableMap(wanted);
    }

    /** All items. */
    public static <F extends Enum<F> & ListField> Filter<F> all() {
        return new Filter<>(Map.<F, Object>of());
    }

    /** Those that this field lets through; see {@link #and}. */
    public static <F extends Enum<F> & ListField> Filter<F> by(F field, Object value) {
        return Filter.<F>all().and(field, value);
    }

    /**
     * Those of them that this field lets through, too.
     *
     * @param value of the field's type; null lets all through
     * @throws IllegalArgumentException for a field that narrows nothing, or a value of another type
     */
    public Filter<F> and(F field, Object value) {
        if (!field.use().narrows() || value != null && !field.use().type().isInstance(value)) {
            throw new IllegalArgumentException(field + " cannot be compared with " + value);
        }
        if (value == null) {
            return this;
        }
        Map<F, Object> more = new TreeMap<>(wanted);
        more.put(field, value);
        return new Filter<>(more);
    }

    /** The same without what this field is compared with. */
    public Filter<F> without(F field) {
        Map<F, Object> rest = new TreeMap<>(wanted);
        rest.remove(field);
        return new Filter<>(rest);
    }

    /** What this field is compared with; null when it lets all through. */
    public Object get(F field) {
        return wanted.get(field);
    }

    /** The fields that are compared, and what with, in the order of the enumeration. */
    public Map<F, Object> wanted() {
        return wanted;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Filter<?> filter && filter.wanted.equals(wanted);
    }

    @Override
    public int hashCode() {
        return wanted.hashCode();
    }

    @Override
    public String toString() {
        return wanted.toString();
    }
}
