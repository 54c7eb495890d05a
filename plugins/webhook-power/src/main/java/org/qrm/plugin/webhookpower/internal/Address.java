package org.qrm.plugin.webhookpower.internal;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.HostAddress;
import org.qrm.api.resource.Resource;

/**
 * Where an order or a question goes, with placeholders behind the host: {@code https://pdu.example.org/outlets/{name}/on}.
 *
 * @param scheme {@code http} or {@code https}
 * @param host name or IPv4 address, with or without port
 * @param rest path and query
 */
record Address(String scheme, String host, String rest) {

    private static final Pattern PARTS = Pattern.compile("(https?)://([^/?#]*)([/?].*)?");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int LAST_PORT = 65_535;

    // RFC 3986: what a path and a query may have, and '%' only before two digits
    private static final Pattern REST = Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*");

    /** @throws IllegalArgumentException with what is wrong, fit to follow the address in a sentence */
    static Address parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("does not begin with http:// or https:// and a host");
        }
        String host = parts.group(2);
        if (!isHost(host)) {
            throw new IllegalArgumentException(
                    "has no host name or IPv4 address, with or without :port, behind ://; user and password have"
                            + " questions of their own");
        }
        String rest = Optional.ofNullable(parts.group(3)).orElse("/");
        Optional<String> unknown = Placeholders.unknown(rest);
        if (unknown.isPresent()) {
            throw new IllegalArgumentException(
                    "has " + unknown.get() + ", which stands for nothing; there are " + Placeholders.known());
        }
        if (!REST.matcher(Placeholders.without(rest)).matches()) {
            throw new IllegalArgumentException(
                    "has characters that an address cannot have unless they are escaped (%20)");
        }
        return new Address(parts.group(1), host, rest.startsWith("/") ? rest : "/" + rest);
    }

    private static boolean isHost(String text) {
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "1" : text.substring(colon + 1);
        return HostAddress.isOne(host) && PORT.matcher(port).matches() && Integer.parseInt(port) <= LAST_PORT;
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    URI of(Resource resource) {
        return URI.create(scheme + "://" + host + Placeholders.fill(rest, resource, Address::escaped));
    }

    /** RFC 3986, 2.3: all that has a meaning is escaped; but not the colons of a MAC address, which have none here. */
    private static String escaped(String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && (Character.isLetterOrDigit(octet) || "-._~:".indexOf(octet) >= 0)) {
                out.write(octet);
            } else {
                out.writeBytes(String.format("%%%02X", octet).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    /** As it was answered. */
    @Override
    public String toString() {
        return scheme + "://" + host + rest;
    }
}
