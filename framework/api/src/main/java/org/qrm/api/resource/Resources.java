package org.qrm.api.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;

/** Reads resources. */
@ProviderType
public interface Resources {

    Optional<Resource> find(long id);

    Optional<Resource> find(MacAddress mac);

    /** By id, name or MAC address, as a person types it. */
    Optional<Resource> find(String idNameOrMac);

    /** In the order of their ids. */
    Page<Resource> list(ResourceFilter filter, PageRequest page);

    /** How many are in each state; states without any are absent. */
    Map<ResourceState, Long> countByState();

    /** Its load in the last hour, as far as this server has heard of it since it was started: at most 60, oldest first. */
    List<LoadSample> load(long id);
}
