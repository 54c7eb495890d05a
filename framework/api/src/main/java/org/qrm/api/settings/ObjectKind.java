package org.qrm.api.settings;

/** What plug-ins may ask about. There may be more in a later release: a {@code switch} needs a {@code default} branch. */
public enum ObjectKind {
    /** A machine or a partition; its name is its number: {@code 12}. */
    RESOURCE
}
