package org.qrm.core.storage;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Remark;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.core.store.Column;
import org.qrm.core.store.Listing;
import org.qrm.core.store.Place;
import org.qrm.core.store.Remarks;
import org.qrm.core.store.Said;
import org.qrm.core.store.Searched;

/** The storage server table. */
public final class StorageServerRows {

    /** What people say of them. */
    static final Remarks REMARKS = new Remarks(
            "storage_server.name",
            "storage_server_note",
            "storage_server",
            "update storage_server set owner = ? where name = ?",
            "delete from storage_server_note where storage_server = ?",
            "insert into storage_server_note (storage_server, note) values (?, ?)");

    private static final RowMapper<StorageServer> ROW = (row, context) -> new StorageServer(
            row.getString("name"),
            row.getString("type"),
            row.getString("address"),
            row.getString("management_address"),
            row.getString("export_root"),
            row.getString("host_key"),
            Remark.of(row.getString("owner")));

    private static final RowMapper<StorageServer> WHOLE =
            Remarks.whole(ROW, StorageServer::remark, StorageServer::remarked);

    static final Listing<StorageServer, StorageServerField> LISTING =
            new Listing<>("storage_server", ROW, StorageServerField.NAME, StorageServerRows::column);

    /** How storage servers are searched. */
    public static final Searched<StorageServer> SEARCHED = new Searched<>(
            FoundKind.STORAGE_SERVER,
            "storage_server",
            REMARKS.columns(),
            WHOLE,
            Place.text("name"),
            List.of(
                    Place.text("address"),
                    Place.text("management_address"),
                    Place.text("export_root"),
                    Place.text("owner"),
                    REMARKS.place()),
            "name",
            0,
            Found::of,
            server -> Said.with(
                    server.remark(),
                    new Said("name", server.name()),
                    new Said("address", server.address()),
                    new Said("management address", server.managementAddress()),
                    new Said("export root", server.exportRoot())));

    private StorageServerRows() {}

    public static Optional<StorageServer> find(Handle handle, String name) {
        return handle.createQuery("select * from storage_server where name = :name")
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    /** Keeps others from changing it, or from putting images on it, until the transaction ends. */
    public static Optional<StorageServer> lock(Handle handle, String name) {
        handle.execute("update storage_server set name = name where name = ?", name);
        return find(handle, name);
    }

    /** With the note that people wrote of it. */
    static StorageServer whole(Handle handle, StorageServer server) {
        return server.remarked(REMARKS.whole(handle, server.name(), server.remark()));
    }

    private static Column<StorageServer> column(StorageServerField field) {
        return switch (field) {
            case NAME -> Column.text("name", StorageServer::name);
            case TYPE -> Column.text("type", StorageServer::type);
            case ADDRESS -> Column.text("address", StorageServer::address);
            case OWNER -> Remarks.owner(StorageServer::remark);
            case TEXT -> REMARKS.or(Column.contains("name", "address", "management_address", "export_root", "owner"));
        };
    }

    static void insert(Handle handle, StorageServer server) {
        bind(
                handle,
                "insert into storage_server (name, type, address, management_address, export_root, host_key)"
                        + " values (:name, :type, :address, :management, :root, :key)",
                server);
    }

    static void update(Handle handle, StorageServer server) {
        bind(
                handle,
                "update storage_server set type = :type, address = :address, management_address = :management,"
                        + " export_root = :root, host_key = :key where name = :name",
                server);
    }

    private static void bind(Handle handle, String statement, StorageServer server) {
        handle.createUpdate(statement)
                .bind("name", server.name())
                .bind("type", server.type())
                .bind("address", server.address())
                .bind("management", server.managementAddress())
                .bind("root", server.exportRoot())
                .bind("key", server.hostKey())
                .execute();
    }

    static void pin(Handle handle, String name, String hostKey) {
        handle.execute("update storage_server set host_key = ? where name = ? and host_key is null", hostKey, name);
    }

    static void delete(Handle handle, String name) {
        handle.execute("delete from storage_server where name = ?", name);
    }

    /** An image on it whose path is not below the root, if there is one. */
    static Optional<String> imageOutside(Handle handle, String server, String root) {
        return handle.createQuery("select name from filesystem_image where storage_server = :server"
                        + " and substr(path, 1, :length) <> :root order by name fetch first 1 rows only")
                .bind("server", server)
                .bind("length", root.length() + 1)
                .bind("root", root + "/")
                .mapTo(String.class)
                .findOne();
    }

    /** An image on it, if there is one. */
    static Optional<String> imageOn(Handle handle, String server) {
        return handle.createQuery("select name from filesystem_image where storage_server = :server order by name"
                        + " fetch first 1 rows only")
                .bind("server", server)
                .mapTo(String.class)
                .findOne();
    }
}
