package org.qrm.plugin.dnsmasq.internal;

import java.nio.file.Path;

/**
 * What dnsmasq's configuration depends on besides the administrator's decisions.
 *
 * @param interfaceAddress IPv4 address of the interface that is answered on
 * @param interfaceMask its netmask
 * @param serverAddress where machines reach the server
 * @param httpPort where boot loaders fetch configuration and kernels
 * @param known directory with what it is told of machines
 * @param tftpRoot directory with the boot loaders
 * @param efiLoader whether there is a boot loader for UEFI machines
 * @param asRoot whether dnsmasq runs as root and must be told to stay so
 */
record Surroundings(
        Ipv4 interfaceAddress,
        Ipv4 interfaceMask,
        Ipv4 serverAddress,
        int httpPort,
        Path known,
        Path tftpRoot,
        boolean efiLoader,
        boolean asRoot) {}
