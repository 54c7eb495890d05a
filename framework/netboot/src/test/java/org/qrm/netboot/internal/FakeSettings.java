package org.qrm.netboot.internal;

import java.nio.file.Path;
import org.qrm.api.server.ServerSettings;

record FakeSettings(int httpPort, Path folder) implements ServerSettings {

    @Override
    public String address() {
        return "127.0.0.1";
    }

    @Override
    public int httpsPort() {
        return 8443;
    }

    @Override
    public Path dataDirectory() {
        return folder;
    }

    @Override
    public Path homeDirectory() {
        return folder;
    }

    @Override
    public String databaseUrl() {
        return "";
    }

    @Override
    public Path caCertificate() {
        return folder.resolve("ca.pem");
    }

    @Override
    public String version() {
        return "test";
    }
}
