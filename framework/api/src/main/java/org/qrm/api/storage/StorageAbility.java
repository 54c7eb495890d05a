package org.qrm.api.storage;

/** What a storage type can do beside keeping images. More may come: who tells them apart has a branch for the others. */
public enum StorageAbility {
    /** It keeps what is in an image, and gives it that content again. */
    SNAPSHOTS
}
