package org.qrm.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a command on the server's own host can find out without being told: the settings of the distribution that it
 * belongs to, and what only the server's user may read.
 *
 * @param url of the server, or null
 * @param data the server's data directory, or null
 */
record LocalServer(String url, Path data) {

    /** Knows nothing. */
    static final LocalServer NONE = new LocalServer(null, null);

    /** @param home where the distribution is unpacked, or null */
    static LocalServer of(Path home, Map<String, String> environment) {
        if (home == null) {
            return NONE;
        }
        Map<String, String> settings = new HashMap<>(read(home.resolve("etc/qrm.cfg")));
        settings.putAll(environment);
        String address = settings.getOrDefault("QRM_ADDRESS", "127.0.0.1");
        String port = settings.getOrDefault("QRM_HTTPS_PORT", "8443");
        String data = settings.getOrDefault("QRM_DATA", home.resolve("var").toString());
        return new LocalServer("https://" + address + ":" + port, Path.of(data));
    }

    /** The authority of the server's certificate, or null. */
    Path caCertificate() {
        Path file = data == null ? null : data.resolve("tls/ca.pem");
        return file != null && Files.isReadable(file) ? file : null;
    }

    /** The password that the server made at its first start, or null. */
    String initialPassword() {
        return line("initial-password");
    }

    /** The first administrator, as its server was told at its first start, or null. */
    String firstAdministrator() {
        return line("initial-user");
    }

    private String line(String name) {
        Path file = data == null ? null : data.resolve(name);
        try {
            return file != null && Files.isReadable(file)
                    ? Files.readString(file).strip()
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Map<String, String> read(Path file) {
        Map<String, String> settings = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0 && !line.stripLeading().startsWith("#")) {
                    settings.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip());
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        settings.values().removeIf(String::isEmpty);
        return settings;
    }
}
