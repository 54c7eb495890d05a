package org.qrm.api.resource;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.qrm.api.Filter;
import org.qrm.api.Tag;

/**
 * Which resources are meant, and what is to be done to each.
 *
 * @param named by number, name or MAC address; empty for all that the filter lets through
 * @param filter heeded when none is named
 * @param action what is asked of each, or null when its tags are changed
 * @param tags what is said of each, in place of what a tag of the same name said before
 * @param untags names of tags that are taken away; who has none of it is left as it is
 */
public record ManyResources(
        List<String> named, Filter<ResourceField> filter, ResourceAction action, List<Tag> tags, List<String> untags) {

    public ManyResources {
        named = List.copyOf(new LinkedHashSet<>(named));
        Objects.requireNonNull(filter);
        tags = List.copyOf(tags);
        untags = List.copyOf(untags);
        if ((action == null) == (tags.isEmpty() && untags.isEmpty())) {
            throw new IllegalArgumentException("either an action or a change of tags");
        }
    }

    /** The same action on each. */
    public static ManyResources act(List<String> named, Filter<ResourceField> filter, ResourceAction action) {
        return new ManyResources(named, filter, action, List.of(), List.of());
    }
}
