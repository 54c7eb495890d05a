package org.qrm.core.backup;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.junit.Test;

public class PostgresEnvironmentTest {

    @Test
    public void theProgramsReachTheDatabaseAsTheServerDoes() throws IOException {
        assertEquals(
                Map.of(
                        "PGHOST", "db.example.org",
                        "PGPORT", "5433",
                        "PGDATABASE", "site",
                        "PGUSER", "qrm",
                        "PGPASSWORD", "a b",
                        "PGSSLMODE", "verify-full",
                        "PGSSLROOTCERT", "/etc/qrm/db-ca.pem"),
                new PostgresPrograms("jdbc:postgresql://db.example.org:5433/site?user=qrm&password=a%20b"
                                + "&sslmode=verify-full&sslrootcert=/etc/qrm/db-ca.pem")
                        .environment());
    }
}
