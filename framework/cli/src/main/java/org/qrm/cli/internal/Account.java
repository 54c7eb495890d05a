package org.qrm.cli.internal;

import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.qrm.commands.line.Failure;

/**
 * Where the server is and who asks.
 *
 * @param url {@code https://127.0.0.1:8443}
 * @param password null with a token
 * @param token of a program; null with a password
 * @param caCertificate PEM file with the authority to trust, or null for those that Java trusts
 */
record Account(String url, String user, String password, String token, Path caCertificate) {

    private static final String DEFAULT_URL = "https://127.0.0.1:8443";
    private static final String DEFAULT_USER = "admin";
    private static final Set<String> SETTINGS =
            Set.of("QRM_URL", "QRM_USER", "QRM_PASSWORD", "QRM_TOKEN", "QRM_CACERT", "QRM_CREDENTIALS");

    /** What the command line says; null where it is silent. */
    record Options(String url, String user, Path caCertificate, Path credentials) {}

    /**
     * The command line goes first, then the environment, then the credentials file, then what this host knows of a server
     * that was started from the same distribution.
     */
    static Account of(Options options, Map<String, String> environment, LocalServer local) {
        String named = environment.getOrDefault("QRM_CREDENTIALS", "");
        Path file = options.credentials != null ? options.credentials : named.isEmpty() ? null : Path.of(named);
        Map<String, String> given = new HashMap<>(file == null ? Map.of() : credentials(file));
        environment.forEach((name, value) -> {
            if (SETTINGS.contains(name) && !value.isEmpty()) {
                given.put(name, value);
            }
        });
        String url = first(options.url, given.get("QRM_URL"), local.url(), DEFAULT_URL);
        String firstUser = first(local.firstAdministrator(), DEFAULT_USER);
        String user = first(options.user, given.get("QRM_USER"), firstUser);
        Path ca = options.caCertificate != null
                ? options.caCertificate
                : given.containsKey("QRM_CACERT") ? Path.of(given.get("QRM_CACERT")) : local.caCertificate();
        if (given.containsKey("QRM_TOKEN")) {
            return new Account(checked(url), user, null, given.get("QRM_TOKEN"), ca);
        }
        String password = given.get("QRM_PASSWORD");
        if (password == null && user.equals(firstUser)) {
            password = local.initialPassword();
        }
        return new Account(checked(url), user, password == null ? ask(user, url) : password, null, ca);
    }

    @Override
    public String toString() {
        return (token == null ? user : "a token") + " at " + url;
    }

    /** Lines NAME=value with the names of the environment; only its owner may read it. */
    private static Map<String, String> credentials(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ)) {
                throw Failure.usage("Others may read the credentials in " + file + ": chmod 600 " + file);
            }
            Map<String, String> found = new HashMap<>();
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String name = equals < 0 ? line : line.substring(0, equals).trim();
                if (equals < 0 || !SETTINGS.contains(name)) {
                    throw Failure.usage(
                            "Cannot read the credentials in " + file
                                    + ": each line is QRM_URL=, QRM_USER=, QRM_PASSWORD=, QRM_TOKEN= or QRM_CACERT= with a value.");
                }
                found.put(name, line.substring(equals + 1).strip());
            }
            return found;
        } catch (IOException e) {
            throw Failure.usage("Cannot read the credentials in " + file + ": " + e.getMessage());
        }
    }

    private static String ask(String user, String url) {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("Password of %s at %s: ", user, url);
        if (typed == null) {
            throw new Failure(
                    Failure.AUTHENTICATION,
                    "No password for " + user + " at " + url
                            + ": set QRM_PASSWORD or QRM_TOKEN, or name a file with it in QRM_CREDENTIALS.");
        }
        return new String(typed);
    }

    private static String checked(String url) {
        URI address = URI.create("");
        try {
            address = new URI(url).parseServerAuthority();
        } catch (URISyntaxException e) {
            // no host, then
        }
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        boolean noMore = address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawFragment() == null
                && (address.getRawPath() + "/").matches("/+");
        boolean port = address.getPort() == -1 || address.getPort() >= 1 && address.getPort() <= 65535;
        if (!web || address.getHost() == null || !noMore || !port) {
            throw Failure.usage("\"" + url + "\" is no address of a server: write https://HOST:PORT");
        }
        return url.replaceAll("/+$", "");
    }

    private static String first(String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isEmpty()) {
                return candidate;
            }
        }
        return null;
    }
}
