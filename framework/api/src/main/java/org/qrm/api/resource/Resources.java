package org.qrm.api.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Filter;
import org.qrm.api.ListGroup;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/** Reads resources. */
@ProviderType
public interface Resources {

    Optional<Resource> find(long id);

    Optional<Resource> find(MacAddress mac);

    /** By id, name or MAC address, as a person types it. */
    Optional<Resource> find(String idNameOrMac);

    /** In the order of their ids. */
    default Page<Resource> list(Filter<ResourceField> filter, PageRequest page) {
        return list(filter, Sort.by(ResourceField.ID), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<Resource> list(Filter<ResourceField> filter, Sort<ResourceField> sort, PageRequest page);

    /** How many it lets through, counted up to so many. An implementation counts where it stores them. */
    default long count(Filter<ResourceField> filter, int most) {
        return Page.all(page -> list(filter, page)).stream().limit(most).count();
    }

    /**
     * How many it lets through of each group, in the order of what they have in common; those that have none last.
     *
     * @param by as in {@link ResourceField#GROUP}: {@code state}, {@code tag:rack}
     * @throws org.qrm.api.QrmException INVALID for what nothing is grouped by
     */
    default List<ListGroup> groups(Filter<ResourceField> filter, String by) {
        return List.of();
    }

    /** What it found in itself when it was idle last: at most 128, in its order; none of a partition. */
    default List<Device> devices(long id) {
        return List.of();
    }

    /** How many are in each state; states without any are absent. */
    Map<ResourceState, Long> countByState();

    /** How many there are of each size, the smallest first; at most 1,000 sizes, the commonest. */
    default List<ResourceSize> sizes() {
        return List.of();
    }

    /** Its load in the last hour, as far as this server has heard of it since it was started: at most 60, oldest first. */
    List<LoadSample> load(long id);

    /**
     * How a machine did: oldest first, without the steps in which nothing was heard of it. What was heard is kept for as long as the machine; a
     * server that is killed loses a quarter of an hour of it.
     */
    default List<HistorySample> history(long id, HistorySpan span) {
        return List.of();
    }

    /** The same of all machines together. */
    default List<HistorySample> history(HistorySpan span) {
        return List.of();
    }
}
