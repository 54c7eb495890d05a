package org.qrm.core.store;

import java.sql.SQLException;

/** What the database throws when it is lost, for tests that have none to lose. */
public final class LostDatabase {

    private LostDatabase() {}

    public static RuntimeException failure() {
        return LostException.ended(new IllegalStateException(new SQLException("terminating connection", "57P01")));
    }
}
