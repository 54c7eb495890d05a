package org.qrm.api.search;

/** What can be found, in the order in which it is shown. Whoever may look at anything may look at all of these. */
public enum FoundKind {
    RESOURCE,
    VIRTUAL_ENVIRONMENT,
    FILESYSTEM_IMAGE,
    BOOT_IMAGE,
    STORAGE_SERVER,
    OPERATION,
    EVENT
}
