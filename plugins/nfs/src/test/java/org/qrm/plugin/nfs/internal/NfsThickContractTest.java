package org.qrm.plugin.nfs.internal;

/** Images are volumes of LVM, which is where most happens on the storage server. */
public class NfsThickContractTest extends NfsSnapshotContract {

    public NfsThickContractTest() {
        super(DiskKind.THICK);
    }
}
