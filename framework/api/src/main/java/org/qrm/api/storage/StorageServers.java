package org.qrm.api.storage;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Remark;
import org.qrm.api.Sort;

/** Storage servers. */
@ProviderType
public interface StorageServers {

    Optional<StorageServer> find(String name);

    /** In the order of their names. */
    default Page<StorageServer> list(Filter<StorageServerField> filter, PageRequest page) {
        return list(filter, Sort.by(StorageServerField.NAME), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<StorageServer> list(Filter<StorageServerField> filter, Sort<StorageServerField> sort, PageRequest page);

    /** @throws org.qrm.api.QrmException INVALID; CONFLICT when the name is taken */
    StorageServer create(StorageServer server);

    /**
     * Changes all but the name; a null host key forgets the pinned one.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID; CONFLICT when images would lie outside the export root
     */
    default StorageServer update(StorageServer server) {
        return update(server, Expected.any());
    }

    /** The same, while it is still as expected. */
    StorageServer update(StorageServer server, Expected<StorageServer> expected);

    /**
     * Says whom it belongs to, or what others should know of it; what is null stays as it is.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    StorageServer remark(String name, Remark said, Expected<StorageServer> expected);

    /** @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT while an image is on it */
    default void delete(String name) {
        delete(name, Expected.any());
    }

    /** The same, while it is still as expected. */
    void delete(String name, Expected<StorageServer> expected);

    /**
     * Tries to use it, for 20 s at most.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; UNAVAILABLE when no plug-in offers its type now; TIMEOUT; and why it
     *     cannot be used, as its storage type says it
     */
    StorageFacts probe(String name);

    /**
     * Pins the host key that the server offered at the first contact. Keeps a key that is pinned already.
     *
     * @return the key that is pinned now
     */
    String pinHostKey(String name, String hostKey);
}
