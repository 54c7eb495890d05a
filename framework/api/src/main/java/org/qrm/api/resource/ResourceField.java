package org.qrm.api.resource;

/** What resources can be sorted by. States stand in the order of their names. */
public enum ResourceField {
    ID,
    NAME,
    STATE,
    CPUS,
    CPU_MHZ,
    MEMORY_MB
}
