package org.qrm.api.search;

/** Lists whose queries are saved. */
public enum FilteredList {
    RESOURCES,
    VIRTUAL_ENVIRONMENTS,
    OPERATIONS,
    EVENTS
}
