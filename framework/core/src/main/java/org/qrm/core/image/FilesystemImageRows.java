package org.qrm.core.image;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Remark;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.api.storage.StorageServer;
import org.qrm.core.store.Column;
import org.qrm.core.store.Listing;
import org.qrm.core.store.Place;
import org.qrm.core.store.Remarks;
import org.qrm.core.store.Said;
import org.qrm.core.store.Searched;
import org.qrm.core.store.Text;

/** The filesystem image table. */
public final class FilesystemImageRows {

    private static final int LONGEST_REASON = 2000;

    /** What people say of them. */
    static final Remarks REMARKS = new Remarks(
            "filesystem_image.name",
            "filesystem_image_note",
            "filesystem_image",
            "update filesystem_image set owner = ? where name = ?",
            "delete from filesystem_image_note where filesystem_image = ?",
            "insert into filesystem_image_note (filesystem_image, note) values (?, ?)");

    private static final RowMapper<FilesystemImage> ROW = (row, context) -> new FilesystemImage(
            row.getString("name"),
            row.getString("storage_server"),
            row.getString("path"),
            State.valueOf(row.getString("state")),
            row.getString("reason"),
            row.getLong("size_bytes"),
            row.getString("plugin"),
            row.getString("description"),
            Remark.of(row.getString("owner")));

    private static final RowMapper<FilesystemImage> WHOLE =
            Remarks.whole(ROW, FilesystemImage::remark, FilesystemImage::remarked);

    static final Listing<FilesystemImage, FilesystemImageField> LISTING =
            new Listing<>("filesystem_image", ROW, FilesystemImageField.NAME, FilesystemImageRows::column);

    /** How filesystem images are searched. */
    public static final Searched<FilesystemImage> SEARCHED = new Searched<>(
            FoundKind.FILESYSTEM_IMAGE,
            "filesystem_image",
            REMARKS.columns(),
            WHOLE,
            Place.text("name"),
            List.of(Place.text("path"), Place.text("description"), Place.text("owner"), REMARKS.place()),
            "name",
            0,
            Found::of,
            image -> Said.with(
                    image.remark(),
                    new Said("name", image.name()),
                    new Said("path", image.path()),
                    new Said("description", image.description())));

    private FilesystemImageRows() {}

    static Optional<FilesystemImage> find(Handle handle, String name) {
        return handle.createQuery("select * from filesystem_image where name = :name")
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    /** Keeps others from changing it until the transaction ends. */
    public static Optional<FilesystemImage> lock(Handle handle, String name) {
        handle.execute("update filesystem_image set name = name where name = ?", name);
        return find(handle, name);
    }

    /** With the note that people wrote of it. */
    static FilesystemImage whole(Handle handle, FilesystemImage image) {
        return image.remarked(REMARKS.whole(handle, image.name(), image.remark()));
    }

    private static Column<FilesystemImage> column(FilesystemImageField field) {
        return switch (field) {
            case NAME -> Column.text("name", FilesystemImage::name);
            case STATE -> Column.text("state", image -> image.state().name());
            case STORAGE_SERVER -> Column.text("storage_server", FilesystemImage::storageServer);
            case PLUGIN -> Column.only("plugin = :value");
            case SIZE_BYTES -> Column.number("size_bytes", FilesystemImage::sizeBytes);
            case OWNER -> Remarks.owner(FilesystemImage::remark);
            case TEXT -> REMARKS.or(Column.contains("name", "path", "description", "owner"));
        };
    }

    static void insert(Handle handle, FilesystemImage image, String source) {
        handle.createUpdate(
                        "insert into filesystem_image (name, storage_server, path, state, reason, size_bytes, plugin,"
                                + " description, source, filled) values (:name, :server, :path, :state, :reason, :size,"
                                + " :plugin, :description, :source, false)")
                .bind("name", image.name())
                .bind("server", image.storageServer())
                .bind("path", image.path())
                .bind("state", image.state().name())
                .bind("reason", image.reason())
                .bind("size", image.sizeBytes())
                .bind("plugin", image.plugin())
                .bind("description", image.description())
                .bind("source", source)
                .execute();
    }

    static void setState(Handle handle, String name, State state, String reason) {
        handle.execute(
                "update filesystem_image set state = ?, reason = ? where name = ?",
                state.name(),
                Text.cut(reason, LONGEST_REASON),
                name);
    }

    static void setDescription(Handle handle, String name, String description) {
        handle.execute("update filesystem_image set description = ? where name = ?", description, name);
    }

    static void setSource(Handle handle, String name, String source) {
        handle.execute("update filesystem_image set source = ? where name = ?", source, name);
    }

    static String source(Handle handle, String name) {
        return handle.createQuery("select source from filesystem_image where name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .one();
    }

    static void setSize(Handle handle, String name, long bytes) {
        handle.execute("update filesystem_image set size_bytes = ? where name = ?", bytes, name);
    }

    /** From now on there may be content of ours on the storage server. */
    static void setFilled(Handle handle, String name) {
        handle.execute("update filesystem_image set filled = true where name = ?", name);
    }

    static boolean filled(Handle handle, String name) {
        return handle.createQuery("select filled from filesystem_image where name = :name")
                .bind("name", name)
                .mapTo(Boolean.class)
                .one();
    }

    static void delete(Handle handle, String name) {
        handle.execute("delete from filesystem_image where name = ?", name);
    }

    /** A virtual environment that names it, if there is one. */
    static Optional<String> user(Handle handle, String name) {
        return handle.createQuery("select name from environment where filesystem_image = :name order by name"
                        + " fetch first 1 rows only")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    /** A virtual environment that names it and has a machine, if there is one. */
    static Optional<String> runningUser(Handle handle, String name) {
        return handle.createQuery("select min(e.name) from environment e join assignment a on a.environment = e.name"
                        + " where e.filesystem_image = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    /**
     * Another image on the same machine whose directory is that one, lies in it, or contains it: removing one would
     * remove the other.
     */
    static Optional<FilesystemImage> overlapping(Handle handle, StorageServer server, String name, String path) {
        return handle
                .createQuery("select i.* from filesystem_image i join storage_server s on s.name = i.storage_server"
                        + " where i.name <> :name and (s.name = :server or s.address = :address"
                        + " or s.management_address = :management)")
                .bind("name", name)
                .bind("server", server.name())
                .bind("address", server.address())
                .bind("management", server.managementAddress())
                .map(ROW)
                .stream()
                .filter(other -> within(other.path(), path) || within(path, other.path()))
                .findFirst();
    }

    private static boolean within(String inner, String outer) {
        return (inner + "/").startsWith(outer + "/");
    }
}
