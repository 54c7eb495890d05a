package org.qrm.api.resource;

/**
 * Which resources are wanted; null means any.
 *
 * @param state in this state
 * @param kind of this kind
 * @param environmentId bound to this virtual environment
 * @param hostId partitions of this host
 * @param text whose name, MAC or address contains this
 */
public record ResourceFilter(ResourceState state, ResourceKind kind, String environmentId, Long hostId, String text) {

    /** All resources. */
    public static final ResourceFilter ALL = new ResourceFilter(null, null, null, null, null);

    /** Those in one state. */
    public static ResourceFilter inState(ResourceState state) {
        return new ResourceFilter(state, null, null, null, null);
    }
}
