package org.qrm.core.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded database: this server alone uses it, starts it and shuts it down. */
final class Derby extends Dialect {

    static final String PREFIX = "jdbc:derby:";

    private static final Logger LOG = LoggerFactory.getLogger(Derby.class);

    /** How Derby answers a successful request to shut a database down. */
    private static final String IS_DOWN = "08006";

    private final Source source = new Source();

    /** @param name of the database, as in its URL; attributes behind it are not heeded */
    Derby(String name) {
        int semicolon = name.indexOf(';');
        source.setDatabaseName(semicolon < 0 ? name : name.substring(0, semicolon));
        source.setCreateDatabase("create");
    }

    /** Made or recovered here, however long that takes: the pool gives each connection a few seconds. */
    @Override
    DataSource connect(Path logDirectory) {
        System.setProperty(
                "derby.stream.error.file", logDirectory.resolve("derby.log").toString());
        System.setProperty("derby.locks.deadlockTimeout", "1");
        System.setProperty("derby.locks.waitTimeout", "10");
        System.setProperty("derby.storage.pageCacheSize", "4000");
        System.setProperty("derby.language.statementCacheSize", "500");
        try {
            source.getConnection().close();
        } catch (SQLException e) {
            throw DatabaseRefused.embedded(source.getDatabaseName(), e);
        }
        return source;
    }

    @Override
    boolean shared() {
        return false;
    }

    /** One that came up so is shut down and booted again. */
    @Override
    void checkTakesChanges(Connection connection) {}

    @Override
    void lockDefinitions(Handle handle) {}

    @Override
    void copyTo(Handle handle, Path directory) {
        handle.createCall("call syscs_util.syscs_backup_database(?)")
                .bind(0, directory.toString())
                .invoke();
    }

    @Override
    void checkTables(Handle handle) {
        handle.createQuery("select syscs_util.syscs_check_table(s.schemaname, t.tablename)"
                        + " from sys.systables t join sys.sysschemas s on s.schemaid = t.schemaid"
                        + " where t.tabletype = 'T'")
                .mapTo(Integer.class)
                .list();
    }

    @Override
    void shutDown() {
        source.setCreateDatabase(null);
        source.setShutdownDatabase("shutdown");
        try {
            source.getConnection().close();
        } catch (SQLException said) {
            if (!IS_DOWN.equals(said.getSQLState())) {
                LOG.warn("The embedded database did not shut down cleanly; it recovers at the next start", said);
            }
        }
    }

    /**
     * A database that comes up while its files cannot be written, as on a file system that is full, can only be read until it is shut
     * down: Derby does not look again. So it is, until it can be written.
     */
    private static final class Source extends EmbeddedDataSource {

        private static final long serialVersionUID = 1L;

        /** Of a connection that was not to be had, which may pass. */
        private static final String NOT_NOW = "08001";

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return connection.isReadOnly() ? bootedAgain(connection) : connection;
        }

        private synchronized Connection bootedAgain(Connection readOnly) throws SQLException {
            readOnly.close();
            EmbeddedDataSource end = new EmbeddedDataSource();
            end.setDatabaseName(getDatabaseName());
            end.setShutdownDatabase("shutdown");
            try {
                end.getConnection().close();
            } catch (SQLException said) {
                LOG.debug("Shut down", said);
            }
            Connection again = super.getConnection();
            if (!again.isReadOnly()) {
                LOG.info("The embedded database can be written again");
                return again;
            }
            again.close();
            throw new SQLNonTransientConnectionException(
                    "the files of the database cannot be written; " + room(), NOT_NOW);
        }

        private String room() {
            try {
                long left = Files.getFileStore(Path.of(getDatabaseName())).getUsableSpace() >> 20;
                return left + " MiB are left where " + getDatabaseName() + " is";
            } catch (IOException | RuntimeException unknown) {
                return "look at the file system where " + getDatabaseName() + " is";
            }
        }
    }
}
