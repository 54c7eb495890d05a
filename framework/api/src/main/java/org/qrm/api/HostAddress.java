package org.qrm.api;

import java.util.regex.Pattern;

/** By what a machine is reached: an IPv4 address in four decimal numbers without leading zeros, or a {@link HostName}. */
public final class HostAddress {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    private HostAddress() {}

    public static boolean isIpv4(String text) {
        return text != null && IPV4.matcher(text).matches();
    }

    /**
     * Whether it is an IPv4 address that one machine can have: neither of "this network" (RFC 1122, 3.2.1.3) nor of a group, and
     * none of class E, as the broadcast address (RFC 1112, 4).
     */
    public static boolean isUnicast(String text) {
        if (!isIpv4(text)) {
            return false;
        }
        int first = Integer.parseInt(text.substring(0, text.indexOf('.')));
        return first >= 1 && first <= 223;
    }

    /** Whether it is an IPv4 address of a machine, or a host name. */
    public static boolean isOne(String text) {
        return isUnicast(text) || HostName.isOne(text);
    }
}
