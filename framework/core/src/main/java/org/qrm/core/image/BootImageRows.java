package org.qrm.core.image;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Remark;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.core.store.Place;
import org.qrm.core.store.Remarks;
import org.qrm.core.store.Said;
import org.qrm.core.store.Searched;

/** The boot image tables. */
public final class BootImageRows {

    /** What people say of them. */
    static final Remarks REMARKS = new Remarks(
            "boot_image.name",
            "boot_image_note",
            "boot_image",
            "update boot_image set owner = ? where name = ?",
            "delete from boot_image_note where boot_image = ?",
            "insert into boot_image_note (boot_image, note) values (?, ?)");

    /** How boot images are searched; their files are not told. */
    public static final Searched<BootImage> SEARCHED = new Searched<>(
            FoundKind.BOOT_IMAGE,
            "boot_image",
            REMARKS.columns(),
            (row, context) -> image(row, List.of(), row.getString("note")),
            Place.text("name"),
            List.of(Place.text("description"), Place.text("owner"), REMARKS.place()),
            "name",
            0,
            Found::of,
            image -> Said.with(
                    image.remark(), new Said("name", image.name()), new Said("description", image.description())));

    private BootImageRows() {}

    /** All of them, with their notes: a site has some dozens. */
    static Map<String, BootImage> all(Handle handle) {
        Map<String, List<BootFile>> files = new TreeMap<>();
        handle.createQuery("select * from boot_file order by boot_image, name")
                .map((row, context) -> Map.entry(
                        row.getString("boot_image"),
                        new BootFile(
                                row.getString("name"),
                                BootFile.Role.valueOf(row.getString("role")),
                                row.getLong("size"),
                                row.getString("sha256"))))
                .forEach(file -> files.computeIfAbsent(file.getKey(), key -> new ArrayList<>())
                        .add(file.getValue()));
        Map<String, BootImage> images = new TreeMap<>();
        handle.createQuery("select " + REMARKS.columns() + " from boot_image")
                .map((row, context) ->
                        image(row, files.getOrDefault(row.getString("name"), List.of()), row.getString("note")))
                .forEach(image -> images.put(image.name(), image));
        return images;
    }

    private static BootImage image(ResultSet row, List<BootFile> files, String note) throws SQLException {
        return new BootImage(
                row.getString("name"),
                Loader.valueOf(row.getString("loader")),
                files,
                row.getString("plugin"),
                row.getString("description"),
                new Remark(row.getString("owner"), Objects.requireNonNullElse(note, "")));
    }

    /** One that is there. */
    static BootImage find(Handle handle, String name) {
        return all(handle).get(name);
    }

    /** Keeps others from changing it until the transaction ends; false when there is none. */
    static boolean lock(Handle handle, String name) {
        return handle.execute("update boot_image set name = name where name = ?", name) == 1;
    }

    static void insert(Handle handle, BootImage image) {
        handle.execute(
                "insert into boot_image (name, loader, plugin, description) values (?, ?, ?, ?)",
                image.name(),
                image.loader().name(),
                image.plugin(),
                image.description());
    }

    static Loader loader(Handle handle, String name) {
        return handle.createQuery("select loader from boot_image where name = :name")
                .bind("name", name)
                .mapTo(Loader.class)
                .one();
    }

    static void update(Handle handle, String name, Loader loader, String description) {
        handle.execute(
                "update boot_image set loader = ?, description = ? where name = ?", loader.name(), description, name);
    }

    static Optional<String> digest(Handle handle, String image, String file) {
        return handle.createQuery("select sha256 from boot_file where boot_image = :image and name = :file")
                .bind("image", image)
                .bind("file", file)
                .mapTo(String.class)
                .findOne();
    }

    static long count(Handle handle, String image) {
        return handle.createQuery("select count(*) from boot_file where boot_image = :image")
                .bind("image", image)
                .mapTo(Long.class)
                .one();
    }

    static void put(Handle handle, String image, BootFile file) {
        deleteFile(handle, image, file.name());
        handle.execute(
                "insert into boot_file (boot_image, name, role, size, sha256) values (?, ?, ?, ?, ?)",
                image,
                file.name(),
                file.role().name(),
                file.size(),
                file.sha256());
    }

    static void deleteFile(Handle handle, String image, String file) {
        handle.execute("delete from boot_file where boot_image = ? and name = ?", image, file);
    }

    static void delete(Handle handle, String image) {
        handle.execute("delete from boot_file where boot_image = ?", image);
        handle.execute("delete from boot_image where name = ?", image);
    }

    /** A virtual environment that names it, if there is one. */
    static Optional<String> user(Handle handle, String image) {
        return handle.createQuery("select name from environment where boot_image = :image order by name"
                        + " fetch first 1 rows only")
                .bind("image", image)
                .mapTo(String.class)
                .findOne();
    }
}
