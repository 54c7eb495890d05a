package org.qrm.api.storage;

/** What a storage type can do beside keeping images. More may come: who tells them apart has a branch for the others. */
public enum StorageAbility {
    /** It keeps what is in an image, and gives it that content again. */
    SNAPSHOTS,
    /**
     * To be closed is certain: when {@link StorageType#setAccess} has returned, nothing that a machine which is not among the clients
     * has sent, or will send, changes the image any more, also by what it had mounted and opened before, and no call that began
     * earlier opens it again; or that fails, or {@link StorageType#confirmClosed}. A machine of which nobody can tell that it is off is
     * fenced so.
     */
    FENCING
}
