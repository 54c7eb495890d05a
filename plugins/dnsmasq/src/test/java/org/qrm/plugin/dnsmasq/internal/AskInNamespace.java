package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;

/** A program for tests: prints who answers DHCP on the network of an interface. */
final class AskInNamespace {

    private AskInNamespace() {}

    /** Argument: the interface's name. */
    public static void main(String[] arguments) throws IOException {
        new ForeignServers()
                .on(InterfaceAddress.of(arguments[0]))
                .forEach(found -> System.out.println((found.proxy() ? "proxy " : "server ") + found.server()));
    }
}
