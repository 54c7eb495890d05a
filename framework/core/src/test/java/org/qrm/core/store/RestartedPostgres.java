package org.qrm.core.store;

import java.io.IOException;
import org.junit.rules.ExternalResource;

/** A PostgreSQL server that goes away in the middle of a test. */
public final class RestartedPostgres extends ExternalResource {

    private PostgresCluster cluster;
    private String url;

    @Override
    protected void before() throws Throwable {
        DatabaseKind.POSTGRESQL.assumeInstalled();
        cluster = PostgresCluster.start();
        url = cluster.freshUrl();
    }

    @Override
    protected void after() {
        try {
            if (cluster != null) {
                cluster.end();
            }
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** An empty database. */
    public String url() {
        return url;
    }

    /** Ends all connections to it: the server stays. */
    public void endConnections() {
        cluster.endConnections(url);
    }

    /** Ends the server as a power failure does. */
    public void crash() throws IOException, InterruptedException {
        cluster.crash();
    }

    /** Starts the server again. */
    public void comeBack() throws IOException, InterruptedException {
        cluster.comeBack();
    }
}
