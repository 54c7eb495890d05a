package org.qrm.core.image;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.core.store.Text;

/** The table of snapshots. Whoever changes it has locked the image. */
final class SnapshotRows {

    private static final int LONGEST_REASON = 2000;

    private static final RowMapper<ImageSnapshot> ROW = (row, context) -> {
        long taken = row.getLong("taken");
        Instant when = row.wasNull() ? null : Instant.ofEpochMilli(taken);
        return new ImageSnapshot(
                row.getString("name"),
                State.valueOf(row.getString("state")),
                row.getString("reason"),
                when,
                row.getString("description"));
    };

    private SnapshotRows() {}

    static List<ImageSnapshot> of(Handle handle, String image) {
        return handle.createQuery("select * from image_snapshot where image = :image order by name")
                .bind("image", image)
                .map(ROW)
                .list();
    }

    static Optional<ImageSnapshot> find(Handle handle, String image, String name) {
        return handle.createQuery("select * from image_snapshot where image = :image and name = :name")
                .bind("image", image)
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    static void insert(Handle handle, String image, ImageSnapshot snapshot) {
        handle.execute(
                "insert into image_snapshot (image, name, state, reason, description) values (?, ?, ?, ?, ?)",
                image,
                snapshot.name(),
                snapshot.state().name(),
                snapshot.reason(),
                snapshot.description());
    }

    /** @throws org.qrm.api.QrmException CONFLICT when it cannot become that */
    static void change(Handle handle, String image, ImageSnapshot snapshot, State to, String reason) {
        ImageLifeCycle.TABLE.check(image + "@" + snapshot.name(), snapshot.state(), to);
        handle.execute(
                "update image_snapshot set state = ?, reason = ? where image = ? and name = ?",
                to.name(),
                Text.cut(reason, LONGEST_REASON),
                image,
                snapshot.name());
    }

    static void setDescription(Handle handle, String image, String name, String description) {
        handle.execute(
                "update image_snapshot set description = ? where image = ? and name = ?", description, image, name);
    }

    static void setTaken(Handle handle, String image, String name, Instant taken) {
        handle.execute(
                "update image_snapshot set taken = ? where image = ? and name = ?", taken.toEpochMilli(), image, name);
    }

    static void delete(Handle handle, String image, String name) {
        handle.execute("delete from image_snapshot where image = ? and name = ?", image, name);
    }
}
