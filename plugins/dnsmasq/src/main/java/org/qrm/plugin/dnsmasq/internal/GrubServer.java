package org.qrm.plugin.dnsmasq.internal;

import java.nio.charset.StandardCharsets;

/**
 * The server's address in a GRUB image for UEFI machines: the script that the image holds in its memory (framework/node's
 * {@code grub.cfg}) has room for it, blanks after {@code set qrm_server=}; so has the script that the signed one loads. Nothing
 * else tells GRUB: it does not look at what a proxyDHCP server sent to the firmware, and asks the server that the site's DHCP
 * server names.
 */
final class GrubServer {

    private static final String PLACE = "\nset qrm_server=";
    private static final int ROOM = "255.255.255.255:65535".length();

    private GrubServer() {}

    /**
     * The image with the server's address in it.
     *
     * @param name of the file
     * @param image the file as it is distributed
     * @throws org.qrm.api.QrmException REFUSED when it has no such room, or more than one
     */
    static byte[] withServer(String name, byte[] image, Ipv4 server, int port) {
        // a character for each byte
        String text = new String(image, StandardCharsets.ISO_8859_1);
        String room = PLACE + " ".repeat(ROOM) + " #";
        int at = text.indexOf(room);
        if (at < 0 || text.indexOf(room, at + 1) >= 0) {
            throw Launcher.refusal(
                    name + " has no room for the server's address: UEFI machines would ask another server",
                    "Put the distribution's back into boot/tftp, or remove it if no UEFI machine is to start.");
        }
        byte[] address = (server + ":" + port).getBytes(StandardCharsets.US_ASCII);
        byte[] written = image.clone();
        System.arraycopy(address, 0, written, at + PLACE.length(), address.length);
        return written;
    }
}
