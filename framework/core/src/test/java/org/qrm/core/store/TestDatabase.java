package org.qrm.core.store;

import java.nio.file.Path;

/** Embedded databases of one test each, in memory. */
public final class TestDatabase {

    private TestDatabase() {}

    /** One that nobody else has; it can be opened again by its URL until the JVM ends. */
    public static String freshUrl() {
        return DatabaseKind.DERBY.freshUrl();
    }

    public static Database fresh() {
        return open(freshUrl());
    }

    public static Database open(String url) {
        return Database.open(url, Path.of(System.getProperty("java.io.tmpdir")), "0-test");
    }
}
