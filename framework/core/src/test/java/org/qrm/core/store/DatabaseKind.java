package org.qrm.core.store;

import static org.junit.Assume.assumeTrue;

import java.util.UUID;

/** The databases that the same tests must pass on. */
public enum DatabaseKind {
    DERBY {
        @Override
        public String freshUrl() {
            return "jdbc:derby:memory:" + UUID.randomUUID();
        }
    },
    POSTGRESQL {
        @Override
        public String freshUrl() {
            assumeInstalled();
            return PostgresCluster.running().freshUrl();
        }

        @Override
        void assumeInstalled() {
            boolean installed = PostgresCluster.programs().isPresent();
            if ("true".equals(System.getenv("CI")) && !installed) {
                throw new AssertionError("PostgreSQL is not installed (Debian package postgresql), and CI=true");
            }
            assumeTrue("PostgreSQL is not installed (Debian package postgresql)", installed);
        }
    };

    /** Those that a test is run on which must pass on each: of {@code ./verify --quick} the embedded one alone. */
    public static DatabaseKind[] tried() {
        return Boolean.getBoolean("quick") ? new DatabaseKind[] {DERBY} : values();
    }

    /** An empty database that nobody else has; on Derby it lives in memory until the JVM ends. */
    public abstract String freshUrl();

    /** Skips the test where the database's programs are missing. */
    void assumeInstalled() {}
}
