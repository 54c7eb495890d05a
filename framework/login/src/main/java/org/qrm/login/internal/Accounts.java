package org.qrm.login.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Whose failures are counted together. */
final class Accounts {

    private static final Pattern IPV6 = Pattern.compile("\\[?([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(%[^\\]]*)?\\]?");
    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;

    private Accounts() {}

    /** Of an address: all of an IPv6 network of 64 bits are one, since one host may have them all (RFC 4291, 2.5.4). */
    static String of(String address) {
        var six = IPV6.matcher(address);
        if (!six.matches()) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(six.group(1)).getAddress();
            return bytes.length == IPV6_BYTES
                    ? HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(bytes, NETWORK_BYTES)) + "/64"
                    : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            return address; // no address at all; an account of its own
        }
    }

    /** Of a user at an address. */
    static String of(String user, String address) {
        return user + "@" + of(address);
    }
}
