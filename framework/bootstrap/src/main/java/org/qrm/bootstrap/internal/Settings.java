package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.qrm.api.HostName;
import org.qrm.api.server.ServerSettings;

/**
 * What the administrator set, checked: from the environment, else from {@code etc/qrm.cfg}, else a default.
 *
 * @param address IPv4 address, the only one that the server listens on
 * @param sshPort 0 for no console
 * @param sshPasswords whether the console takes passwords, beside keys
 * @param names under which the server is asked, beside that of the host; lower case
 * @param trustedProxies addresses, or networks as {@code ADDRESS/BITS}
 * @param nodeNat the same, of IPv4
 * @param administrator name of the first user, looked at when there are no users yet
 * @param databaseUrl JDBC URL; of the embedded database unless something else is set
 * @param version of the server, empty where the distribution does not say
 */
record Settings(
        String address,
        int httpPort,
        int httpsPort,
        int sshPort,
        boolean sshPasswords,
        Set<String> names,
        List<String> trustedProxies,
        boolean pluginUploads,
        List<String> nodeNat,
        Path dataDirectory,
        Path homeDirectory,
        String administrator,
        String databaseUrl,
        boolean withoutPlugins,
        String version)
        implements ServerSettings {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern USER = Pattern.compile("[a-z][a-z0-9._-]{0,31}");
    /** An address of version 4, or what has a colon in it and so can only be one of version 6. */
    private static final Pattern NETWORK =
            Pattern.compile("(" + IPV4.pattern() + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/[0-9]{1,3})?");

    private static final int HIGHEST_PORT = 65535;

    static Settings read(Map<String, String> environment, Path home, Path etc) throws IOException {
        Map<String, String> values = new HashMap<>(SettingsFile.read(etc.resolve("qrm.cfg")));
        for (String name : SettingsFile.NAMES) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                values.put(name, value);
            }
        }
        Path data = Path.of(values.getOrDefault("QRM_DATA", home.resolve("var").toString()))
                .toAbsolutePath();
        Settings settings = new Settings(
                address(values.getOrDefault("QRM_ADDRESS", "127.0.0.1")),
                port("QRM_HTTP_PORT", values.getOrDefault("QRM_HTTP_PORT", "8080")),
                port("QRM_HTTPS_PORT", values.getOrDefault("QRM_HTTPS_PORT", "8443")),
                portOrNone("QRM_SSH_PORT", values.getOrDefault("QRM_SSH_PORT", "8101")),
                isOn("QRM_SSH_PASSWORDS", values.getOrDefault("QRM_SSH_PASSWORDS", "on")),
                names(values.getOrDefault("QRM_NAMES", "")),
                networks("QRM_TRUSTED_PROXIES", values.getOrDefault("QRM_TRUSTED_PROXIES", "")),
                isOn("QRM_PLUGIN_UPLOADS", values.getOrDefault("QRM_PLUGIN_UPLOADS", "on")),
                networks("QRM_NODE_NAT", values.getOrDefault("QRM_NODE_NAT", "127.0.0.1")),
                data,
                home,
                userName(values.getOrDefault("QRM_ADMIN_USER", "admin")),
                values.getOrDefault("QRM_DATABASE_URL", "jdbc:derby:" + data.resolve("database") + ";create=true"),
                System.getProperty("qrm.plugins", "").equals("none"),
                version(etc.resolve("qrm-release")));
        settings.checkPortsDiffer();
        return settings;
    }

    /** The same, under all names that the server turns out to have. */
    Settings named(Set<String> all) {
        return new Settings(
                address,
                httpPort,
                httpsPort,
                sshPort,
                sshPasswords,
                Set.copyOf(all),
                trustedProxies,
                pluginUploads,
                nodeNat,
                dataDirectory,
                homeDirectory,
                administrator,
                databaseUrl,
                withoutPlugins,
                version);
    }

    @Override
    public Path caCertificate() {
        return dataDirectory.resolve("tls").resolve("ca.pem");
    }

    /** Without the database URL, which may hold a password. */
    @Override
    public String toString() {
        return "Settings[" + address + ":" + httpPort + "," + httpsPort + "," + sshPort + " " + dataDirectory + "]";
    }

    void checkPortsAreFree() throws IOException {
        checkFree("QRM_HTTP_PORT");
        checkFree("QRM_HTTPS_PORT");
        if (hasConsole()) {
            checkFree("QRM_SSH_PORT");
        }
    }

    /** Whether Karaf's console is to be reached by SSH. */
    boolean hasConsole() {
        return sshPort != 0;
    }

    /** How one can log in there, as Karaf's SSH server calls it. */
    String consoleLogins() {
        return sshPasswords ? "publickey,keyboard-interactive,password" : "publickey";
    }

    void checkFree(String name) throws IOException {
        int port = switch (name) {
            case "QRM_HTTP_PORT" -> httpPort;
            case "QRM_HTTPS_PORT" -> httpsPort;
            default -> sshPort;
        };
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (BindException e) {
            throw new BadSetting(whyNotBound(name, port, String.valueOf(e.getMessage())));
        }
    }

    private String whyNotBound(String name, int port, String message) {
        if (message.contains("assign requested address")) {
            return "QRM_ADDRESS=" + address + ": no network card of this host has this address;"
                    + " give one of those that `ip address` shows";
        }
        if (message.contains("ermission denied")) {
            return name + "=" + port + ": this user may not listen on a port below 1024;"
                    + " choose a higher one, or give the process CAP_NET_BIND_SERVICE";
        }
        return name + "=" + port + ": cannot listen on " + address + ":" + port + " (" + message
                + "); stop the program that does (`ss -ltnp` shows it), or choose another port";
    }

    private void checkPortsDiffer() {
        List<Integer> ports = List.of(httpPort, httpsPort, sshPort);
        if (ports.stream().distinct().count() < ports.size()) {
            throw new BadSetting(
                    "QRM_HTTP_PORT, QRM_HTTPS_PORT and QRM_SSH_PORT are " + ports + "; give each its own port");
        }
    }

    private static String version(Path release) throws IOException {
        if (!Files.exists(release)) {
            return "";
        }
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("version="))
                .map(line -> line.substring("version=".length()))
                .findFirst()
                .orElse("");
    }

    private static String address(String value) {
        if (!IPV4.matcher(value).matches()) {
            throw new BadSetting("QRM_ADDRESS=" + value + " is no IPv4 address;"
                    + " give the one under which machines reach this server");
        }
        if (value.equals("0.0.0.0")) {
            throw new BadSetting("QRM_ADDRESS=0.0.0.0 does not tell machines where the server is;"
                    + " give one address of this host");
        }
        return value;
    }

    private static String userName(String value) {
        if (!USER.matcher(value).matches()) {
            throw new BadSetting("QRM_ADMIN_USER=" + value + " is no name of a user;"
                    + " give 1 to 32 lower-case letters, digits, '.', '_' and '-', starting with a letter");
        }
        return value;
    }

    private static boolean isOn(String name, String value) {
        if (!value.equals("on") && !value.equals("off")) {
            throw new BadSetting(name + "=" + value + " says neither; give on or off");
        }
        return value.equals("on");
    }

    /** Zero switches off what the port would be for. */
    private static int portOrNone(String name, String value) {
        return value.equals("0") ? 0 : port(name, value);
    }

    private static Set<String> names(String value) {
        Set<String> names = new TreeSet<>();
        for (String name : list(value)) {
            if (!HostName.isOne(name)) {
                throw new BadSetting(
                        "QRM_NAMES: " + name + " is no name of a host;"
                                + " give some as qrm.example.org, separated by commas, without ports; addresses need not be given");
            }
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private static List<String> list(String value) {
        return Arrays.stream(value.split("[\\s,]+"))
                .filter(one -> !one.isEmpty())
                .toList();
    }

    private static List<String> networks(String name, String value) {
        List<String> networks = list(value);
        for (String network : networks) {
            if (!NETWORK.matcher(network).matches() || !isNetwork(network.split("/", 2))) {
                throw new BadSetting(name + ": " + network + " is no IP address or network;"
                        + " give some as 192.0.2.7 or 192.0.2.0/28, separated by commas");
            }
        }
        return networks;
    }

    /** The pattern has seen to it that no name is looked up. */
    private static boolean isNetwork(String[] addressAndBits) {
        try {
            int bits = InetAddress.getByName(addressAndBits[0]).getAddress().length * Byte.SIZE;
            return addressAndBits.length == 1 || Integer.parseInt(addressAndBits[1]) <= bits;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(String name, String value) {
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) > HIGHEST_PORT) {
            throw new BadSetting(name + "=" + value + " is no port; give a number from 1 to 65535");
        }
        return Integer.parseInt(value);
    }
}
