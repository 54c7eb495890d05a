package org.qrm.plugin.nfs.internal;

import org.qrm.api.HostAddress;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** IPv4 addresses of single machines; anything else in a list of clients would open an image to more than one. */
final class Ipv4 {

    private Ipv4() {}

    static String checked(String address) {
        if (!HostAddress.isUnicast(address)) {
            throw QrmException.invalid(
                    "open an image to a machine",
                    Name.printable(address),
                    "that is no IPv4 address of a machine",
                    "Wait until the machine has registered with its address.");
        }
        return address;
    }
}
