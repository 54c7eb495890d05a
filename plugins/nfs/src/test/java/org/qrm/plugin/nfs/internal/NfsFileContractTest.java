package org.qrm.plugin.nfs.internal;

/** Images are files. */
public class NfsFileContractTest extends NfsSnapshotContract {

    public NfsFileContractTest() {
        super(DiskKind.FILE);
    }
}
