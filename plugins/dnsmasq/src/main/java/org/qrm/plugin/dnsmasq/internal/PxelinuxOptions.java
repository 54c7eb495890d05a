package org.qrm.plugin.dnsmasq.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Options that a PXELINUX image carries in itself, as syslinux's {@code pxelinux-options} writes them: a header at byte 8 with
 * magic, length, flags, and offset and length of the options read before and after those of DHCP.
 */
final class PxelinuxOptions {

    private static final int HEADER = 8;
    private static final int MAGIC = 0x2983c8ac;
    private static final int HEADER_LENGTH = 28;
    private static final int AFTER = HEADER + 20;
    private static final byte PATH_PREFIX = (byte) 210;
    private static final byte END = (byte) 255;

    private PxelinuxOptions() {}

    /**
     * The image with a path prefix (option 210) of its own, which counts whatever DHCP says: a proxyDHCP server cannot
     * send that option, and the site's DHCP server may send one for something else.
     *
     * @param image of pxelinux.0 or lpxelinux.0 as it is distributed
     * @throws org.qrm.api.QrmException REFUSED when it is no such image
     */
    static byte[] withPathPrefix(byte[] image, String prefix) {
        byte[] text = prefix.getBytes(StandardCharsets.US_ASCII);
        if (image.length < HEADER + HEADER_LENGTH || text.length > 255) {
            throw unknown();
        }
        byte[] patched = Arrays.copyOf(image, image.length + text.length + 3);
        ByteBuffer bytes = ByteBuffer.wrap(patched).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(HEADER) != MAGIC || bytes.getInt(HEADER + 4) < HEADER_LENGTH || bytes.getInt(AFTER + 4) != 0) {
            throw unknown();
        }
        bytes.putInt(AFTER, image.length).putInt(AFTER + 4, text.length + 3);
        bytes.position(image.length);
        bytes.put(PATH_PREFIX).put((byte) text.length).put(text).put(END);
        return patched;
    }

    private static RuntimeException unknown() {
        return Launcher.refusal(
                BootLoaders.BIOS + " is no PXELINUX image that can be given a path prefix",
                "Install Debian's: apt-get install pxelinux");
    }
}
