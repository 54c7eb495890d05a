package org.qrm.api.image;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Remark;

/** Boot images: rows in the database, files under QRM_DATA. {@link BootImage#DEFAULT} is always there. */
@ProviderType
public interface BootImages {

    Optional<BootImage> find(String name);

    /** In the order of their names. */
    Page<BootImage> list(PageRequest page);

    /** @throws org.qrm.api.QrmException INVALID; CONFLICT when the name is taken */
    BootImage create(String name, Loader loader, String plugin, String description);

    /**
     * Stores a file of it; a file of that name is replaced, in one step. The stream is read to its end, not closed.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID name; TOO_LARGE beyond 512 MiB; CONFLICT for
     *     {@link BootImage#DEFAULT}
     */
    BootImage putFile(String image, String file, BootFile.Role role, InputStream content);

    /**
     * Changes all but the name and the files.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID; CONFLICT for {@link BootImage#DEFAULT}, and for another loader
     *     while a virtual environment names it
     */
    default BootImage update(String name, Loader loader, String description) {
        return update(name, loader, description, Expected.any());
    }

    /** The same, while it is still as expected. */
    BootImage update(String name, Loader loader, String description, Expected<BootImage> expected);

    /**
     * Says whom it belongs to, or what others should know of it; what is null stays as it is.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    BootImage remark(String name, Remark said, Expected<BootImage> expected);

    /**
     * Removes a file of it.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT for {@link BootImage#DEFAULT}, and while a virtual environment
     *     names it
     */
    BootImage deleteFile(String image, String file);

    /** @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT while a virtual environment names it */
    default void delete(String name) {
        delete(name, Expected.any());
    }

    /** The same, while it is still as expected. */
    void delete(String name, Expected<BootImage> expected);

    /**
     * Where the content of a listed file lies.
     *
     * @return empty unless the image lists exactly that file
     */
    Optional<Path> content(String image, String file);

    /**
     * Where the content of the image's first file with that role lies.
     *
     * @return empty unless the image has one
     */
    default Optional<Path> content(String image, BootFile.Role role) {
        return find(image).flatMap(found -> found.file(role)).flatMap(file -> content(image, file.name()));
    }
}
