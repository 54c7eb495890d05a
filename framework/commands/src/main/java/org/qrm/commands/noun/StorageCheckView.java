package org.qrm.commands.noun;

import org.qrm.api.Problem;
import org.qrm.api.storage.StorageFacts;
import org.qrm.commands.About;

/** Whether a storage server can be used, as it is answered. */
record StorageCheckView(
        @About("whether it can be used") boolean ok,

        @About(value = "what it runs: kernel NFS server", optional = true)
        String implementation,

        @About(value = "bytes of room left below the export root", optional = true)
        Long freeBytes,

        @About("what to know although it can be used, may be empty")
        String warning,

        @About("why it cannot be used, else empty") String reason,
        @About("what to do about it, may be empty") String remedy,

        @About(
                value = "the line that root's authorized_keys on the storage server must hold; absent while the"
                        + " server has no key",
                optional = true)
        String authorizedKey) {

    static StorageCheckView of(StorageFacts facts, String authorizedKey) {
        return new StorageCheckView(
                true, facts.implementation(), facts.freeBytes(), facts.warning(), "", "", authorizedKey);
    }

    static StorageCheckView of(Problem why, String authorizedKey) {
        return new StorageCheckView(false, null, null, "", why.reason(), why.remedy(), authorizedKey);
    }
}
