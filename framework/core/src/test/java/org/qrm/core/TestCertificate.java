package org.qrm.core;

/** A certificate whose key nobody has. */
final class TestCertificate {

    static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBdTCCARugAwIBAgIUFF8Cf12RgW0AnTjJhc5J+lbelIUwCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjMxNTE0NDdaGA8yMTI2MTAzMDE1MTQ0
            N1owDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABA43
            dws/b/5o2XGJnU2uRsbWDEawG/V3FHgHSxW2pRRFhGoHc+6qpuPaEaHCTWnhROkW
            psuhK0WvPtJQZvY6k16jUzBRMB0GA1UdDgQWBBTIRfym/4jMWj4v+8+fafZsuiSa
            ADAfBgNVHSMEGDAWgBTIRfym/4jMWj4v+8+fafZsuiSaADAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0gAMEUCIBVAxs8+1J1EprHpDskCFYVm88l3jRH9M16j
            tcSj5jUTAiEAkMa1HVnzu1ySamTEIP1y5RuzhD0q++54LpNXxWXkjaM=
            -----END CERTIFICATE-----
            """;

    private TestCertificate() {}
}
