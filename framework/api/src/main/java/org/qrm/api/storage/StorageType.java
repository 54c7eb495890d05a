package org.qrm.api.storage;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;

/**
 * A way to keep filesystem images and to let machines mount them. Registered as an OSGi service by a plug-in.
 *
 * <p>Every method is idempotent: after a crash it is called again with the same arguments. Each may block until
 * {@link WorkContext#deadline}; it reports failures as {@link org.qrm.api.QrmException}.
 */
@ConsumerType
public interface StorageType {

    /** {@code nfs}; unique among storage types. */
    String name();

    /**
     * Checks that the server can be reached, has what is needed, and how much room is left.
     *
     * @throws org.qrm.api.QrmException INVALID or NOT_FOUND when the export root is what is wrong; of another kind when it
     *     is the server, or the way to it
     */
    StorageFacts probe(StorageServer server, WorkContext work);

    /**
     * Makes and fills the image's directory; goes on where an earlier call was cut off.
     *
     * @throws org.qrm.api.QrmException REFUSED for a source that it cannot fill an image from; INVALID for a path outside the export
     *     root
     */
    void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work);

    /** Size in bytes of what the image occupies. */
    long size(StorageServer server, FilesystemImage image, WorkContext work);

    /** Absolute paths of the directories below the export root that can be images. */
    List<String> list(StorageServer server, WorkContext work);

    /** Removes access and content; content that is gone already is no error. */
    void remove(StorageServer server, FilesystemImage image, WorkContext work);

    /** Lets exactly these machines mount the image, and nobody else; none closes it. */
    void setAccess(StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work);

    /**
     * The same, and this is what is called. Several servers may do so at one time, and what one of them has asked for may arrive late: a
     * type asks who may mount the image after it has made certain that nothing that was known before can take effect later. One that
     * cannot do so asks at once.
     *
     * @param clients knows those who may mount it now; to be asked as often as is needed, and throws what is to be thrown
     */
    default void setAccess(
            StorageServer server, FilesystemImage image, Supplier<List<StorageClient>> clients, WorkContext work) {
        setAccess(server, image, clients.get(), work);
    }

    /**
     * Called after {@link #setAccess} where a machine is fenced by that, of a type with {@link StorageAbility#FENCING}.
     *
     * @throws org.qrm.api.QrmException CONFLICT when the server gives the image away by other ways, so that nothing is promised of it
     */
    default void confirmClosed(StorageServer server, FilesystemImage image, WorkContext work) {}

    /**
     * What it can do beside that: asked once, when it is registered. What it cannot is not asked of it. Answers at once, without
     * looking at a server.
     */
    default Set<StorageAbility> abilities() {
        return Set.of();
    }

    /**
     * Keeps what is in the image now, under that name. What is there of the name is of an attempt that was cut off, and is
     * replaced. Machines that use the image go on, and what is kept is as after a power cut; where that cannot be, it is refused
     * while they may mount it.
     *
     * @param snapshot a {@link org.qrm.api.Name}
     * @throws org.qrm.api.QrmException CONFLICT while machines may mount it, or when this image can have none; UNAVAILABLE
     *     without room
     */
    default void createSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        throw noSnapshots(image);
    }

    /**
     * Gives the image that content. The snapshot stays, and so do the others.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND when there is no such snapshot; CONFLICT while machines may mount the image, or
     *     while something else is in the way that an administrator can remove
     */
    default void restoreSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        throw noSnapshots(image);
    }

    /** Removes that snapshot; one that is gone already is no error. An image is removed after its snapshots. */
    default void removeSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        throw noSnapshots(image);
    }

    private QrmException noSnapshots(FilesystemImage image) {
        return QrmException.refused(
                "use snapshots of filesystem image",
                image.name(),
                "the storage type " + name() + " has none",
                "Keep its content by the storage server's own means.");
    }

    /** How a machine mounts the image. A pure function. */
    Mount mount(StorageServer server, FilesystemImage image, boolean writable);
}
