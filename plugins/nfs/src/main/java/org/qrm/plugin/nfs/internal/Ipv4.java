package org.qrm.plugin.nfs.internal;

import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** IPv4 addresses of single machines; anything else in a list of clients would open an image to more than one. */
final class Ipv4 {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern ADDRESS = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    private Ipv4() {}

    static String checked(String address) {
        if (address == null || !ADDRESS.matcher(address).matches() || address.equals("0.0.0.0")) {
            throw QrmException.invalid(
                    "open an image to a machine",
                    Name.printable(address),
                    "that is no IPv4 address of a machine",
                    "Wait until the machine has registered with its address.");
        }
        return address;
    }
}
