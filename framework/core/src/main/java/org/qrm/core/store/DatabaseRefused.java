package org.qrm.core.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** A database that this server can not work with, now or later: trying again would not help, somebody has to do something. */
public final class DatabaseRefused extends QrmException {

    private static final long serialVersionUID = 1L;

    /** SQL states of PostgreSQL: who asks is not let in, the database does not exist, or rights are missing. */
    private static final Set<String> NOT_LET_IN = Set.of("28000", "28P01", "3D000", "42501");

    private static final String WAITS_FOR_ROOM = "No space left on device";
    private static final long ROOM = 4 << 20;

    DatabaseRefused(String reason, String remedy) {
        this(reason, remedy, null);
    }

    private DatabaseRefused(String reason, String remedy, Throwable cause) {
        super(new Problem(Problem.Kind.CONFLICT, "open database", "", reason, remedy), cause);
    }

    /** Why the embedded database does not open, unless that may pass by itself: a full file system gets room again. */
    static RuntimeException embedded(String directory, SQLException failed) {
        String reason = deepest(failed);
        if (reason.contains(WAITS_FOR_ROOM) || isFull(Path.of(directory))) {
            return new IllegalStateException("cannot open the database " + directory + ": " + reason, failed);
        }
        return new DatabaseRefused(
                "the files in " + directory + " are damaged, or may not be read and written: " + reason
                        + ". The files were left as they are",
                "Look at their owner and mode, or restore a backup: qrm-server restore FILE.",
                failed);
    }

    /** What failed while the database was opened, as a refusal if it will fail again. */
    static RuntimeException opening(RuntimeException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && NOT_LET_IN.contains(String.valueOf(sql.getSQLState()))) {
                return new DatabaseRefused(
                        "the database server refuses: " + sql.getMessage().replaceAll("\\s+", " "),
                        "Correct the user, password or database in QRM_DATABASE_URL, or give that user the right"
                                + " to create tables: its own database is best (create database qrm owner qrm).",
                        failed);
            }
        }
        return failed;
    }

    private static boolean isFull(Path directory) {
        try {
            return Files.exists(directory) && Files.getFileStore(directory).getUsableSpace() < ROOM;
        } catch (java.io.IOException unknown) {
            return false;
        }
    }

    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
    }
}
