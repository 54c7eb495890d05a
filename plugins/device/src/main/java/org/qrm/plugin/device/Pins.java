package org.qrm.plugin.device;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;

/** Which certificate counts at which address; once said, it stays. */
final class Pins {

    private static final int MOST = 20_000;
    private static final int HTTPS = 443;

    private final Map<String, Fingerprint> pins = new ConcurrentHashMap<>();

    /** Whether that certificate, and no other one, counts there from now on: not where another one does, nor when there are too many. */
    boolean take(URI service, Fingerprint pinned) {
        String address = address(service.getHost(), service.getPort() < 0 ? HTTPS : service.getPort());
        if (pins.size() >= MOST && !pins.containsKey(address)) {
            return false;
        }
        Fingerprint before = pins.putIfAbsent(address, pinned);
        return before == null || before.equals(pinned);
    }

    /** What counts where this connection leads. */
    Optional<Fingerprint> at(SSLEngine connection) {
        return Optional.ofNullable(pins.get(address(connection.getPeerHost(), connection.getPeerPort())));
    }

    private static String address(String host, int port) {
        return (host.indexOf(':') < 0 ? host.toLowerCase(Locale.ROOT) : numbers(host)) + ":" + port;
    }

    /** IPv6 has many spellings; no name is looked up. */
    private static String numbers(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException odd) {
            return host;
        }
    }
}
