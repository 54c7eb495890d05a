package org.qrm.plugin.dnsmasq.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A route told to machines (RFC 3442).
 *
 * @param bits length of the network's prefix, 0 to 32
 * @param gateway by which it is reached
 */
record Route(Ipv4 network, int bits, Ipv4 gateway) {

    private static final Pattern TEXT = Pattern.compile("([0-9.]+)/([0-9]|[12][0-9]|3[0-2])\\s+([0-9.]+)");

    /** Reads {@code 10.9.0.0/16 10.77.0.254, 10.8.0.0/16 10.77.0.253}; empty when one of them is no route. */
    static Optional<List<Route>> parseAll(String text) {
        List<Route> routes = new ArrayList<>();
        for (String each : text.isBlank() ? new String[0] : text.split(",", -1)) {
            Optional<Route> route = parse(each.trim());
            if (route.isEmpty()) {
                return Optional.empty();
            }
            routes.add(route.get());
        }
        return Optional.of(List.copyOf(routes));
    }

    private static Optional<Route> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(parts.group(2));
        return Ipv4.parse(parts.group(1))
                .filter(network -> network.network(Ipv4.maskOfLength(bits)).equals(network))
                .flatMap(network -> Ipv4.parse(parts.group(3)).map(gateway -> new Route(network, bits, gateway)));
    }

    /** The value of option 121. Who is told it ignores the option of the default gateway, so that is among them. */
    static String option(List<Route> routes, Ipv4 gateway) {
        List<Route> all = new ArrayList<>(routes);
        if (gateway != null && routes.stream().noneMatch(route -> route.bits() == 0)) {
            all.add(new Route(new Ipv4(0), 0, gateway));
        }
        return all.stream()
                .map(route -> route.network() + "/" + route.bits() + "," + route.gateway())
                .collect(Collectors.joining(","));
    }
}
