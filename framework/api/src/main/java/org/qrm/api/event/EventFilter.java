package org.qrm.api.event;

/**
 * Which events are wanted; null means any.
 *
 * @param atLeast of this priority or above
 * @param source from this part
 * @param type of this sort
 * @param subject on this subject
 * @param resource concerning this resource
 * @param acknowledged seen, or not
 * @param afterId only with greater ids
 */
public record EventFilter(
        Priority atLeast,
        String source,
        String type,
        String subject,
        Long resource,
        Boolean acknowledged,
        Long afterId) {

    /** All events. */
    public static final EventFilter ALL = new EventFilter(null, null, null, null, null, null, null);
}
