package org.qrm.exec.internal;

import java.nio.file.Path;
import org.qrm.api.server.ServerSettings;

/** Settings of which only the data directory matters here. */
record FixedSettings(Path dataDirectory) implements ServerSettings {
    @Override
    public String address() {
        return "127.0.0.1";
    }

    @Override
    public int httpPort() {
        return 0;
    }

    @Override
    public int httpsPort() {
        return 0;
    }

    @Override
    public Path homeDirectory() {
        return dataDirectory;
    }

    @Override
    public String databaseUrl() {
        return "";
    }

    @Override
    public Path caCertificate() {
        return dataDirectory;
    }

    @Override
    public String version() {
        return "test";
    }
}
