package org.qrm.api.image;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.operation.Operation;

/** Filesystem images. */
@ProviderType
public interface FilesystemImages {

    Optional<FilesystemImage> find(String name);

    /** In the order of their names. */
    default Page<FilesystemImage> list(Filter<FilesystemImageField> filter, PageRequest page) {
        return list(filter, Sort.by(FilesystemImageField.NAME), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<FilesystemImage> list(Filter<FilesystemImageField> filter, Sort<FilesystemImageField> sort, PageRequest page);

    /**
     * Records the image and starts filling it.
     *
     * @param path absolute path below the storage server's export root, or null for {@code <export root>/<name>}
     * @param plugin the plug-in that makes it, or null
     * @return the operation; the image is READY when it is done
     * @throws org.qrm.api.QrmException INVALID; NOT_FOUND storage server; CONFLICT when name or path is taken
     */
    Operation create(
            String name, String storageServer, String path, ImageSource source, String plugin, String description);

    /**
     * Changes what it says to people; all else of an image stays as it was made.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    default FilesystemImage update(String name, String description) {
        return update(name, description, Expected.any());
    }

    /** The same, while it is still as expected. */
    FilesystemImage update(String name, String description, Expected<FilesystemImage> expected);

    /**
     * Says whom it belongs to, or what others should know of it; what is null stays as it is.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    FilesystemImage remark(String name, Remark said, Expected<FilesystemImage> expected);

    /** Measures its size on the storage server. */
    Operation measure(String name);

    /**
     * Removes it.
     *
     * @param keepContent leave the directory on the storage server
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT while a virtual environment names it
     */
    default Operation delete(String name, boolean keepContent) {
        return delete(name, keepContent, Expected.any());
    }

    /** The same, while it is still as expected. */
    default Operation delete(String name, boolean keepContent, Expected<FilesystemImage> expected) {
        return delete(name, keepContent, false, expected);
    }

    /**
     * The same.
     *
     * @param withSnapshots its snapshots are removed first; without, an image that has some stays (CONFLICT), also if its content
     *     is to be kept
     */
    Operation delete(String name, boolean keepContent, boolean withSnapshots, Expected<FilesystemImage> expected);

    /**
     * Its snapshots, in the order of their names; at most {@link ImageSnapshot#MOST}.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND
     */
    List<ImageSnapshot> snapshots(String image);

    /**
     * Has its content kept as it is, under that name. Whether that can be done while machines use the image is up to the storage
     * type. One in state ERROR can be asked for again.
     *
     * @return the operation; the snapshot is READY when it is done
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID name; CONFLICT when the name is taken, there are too many, or the image is
     *     not READY; REFUSED when the storage type has no snapshots
     */
    Operation createSnapshot(String image, String snapshot, String description);

    /**
     * Gives the image the content that it had; the snapshot stays. What was written since is lost.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT unless both are READY, and while a machine is bound to a virtual
     *     environment that names the image
     */
    Operation restoreSnapshot(String image, String snapshot);

    /** @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT while it is being made or removed */
    Operation deleteSnapshot(String image, String snapshot);
}
