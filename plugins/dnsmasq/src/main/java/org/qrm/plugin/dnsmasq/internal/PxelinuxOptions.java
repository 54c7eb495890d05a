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
    private static final byte REBOOT_TIME = (byte) 211;
    private static final byte END = (byte) 255;

    /** Seconds; PXELINUX's own are five minutes, in which the machine looks dead. */
    private static final int REBOOT_SECONDS = 15;

    private PxelinuxOptions() {}

    /**
     * The image with options of its own, which count whatever DHCP says, as a proxyDHCP server cannot send them and the
     * site's DHCP server may send them for something else: where everything else is (option 210, RFC 5071), and how soon the
     * machine restarts when that cannot be loaded, because the server restarts, say (option 211).
     *
     * @param image of pxelinux.0 or lpxelinux.0 as it is distributed
     * @throws org.qrm.api.QrmException REFUSED when it is no such image
     */
    static byte[] withOptions(byte[] image, String prefix) {
        byte[] text = prefix.getBytes(StandardCharsets.US_ASCII);
        if (image.length < HEADER + HEADER_LENGTH || text.length > 255) {
            throw unknown();
        }
        int length = 2 + text.length + 2 + Integer.BYTES + 1;
        byte[] patched = Arrays.copyOf(image, image.length + length);
        ByteBuffer bytes = ByteBuffer.wrap(patched).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(HEADER) != MAGIC || bytes.getInt(HEADER + 4) < HEADER_LENGTH || bytes.getInt(AFTER + 4) != 0) {
            throw unknown();
        }
        bytes.putInt(AFTER, image.length).putInt(AFTER + 4, length);
        bytes.position(image.length);
        bytes.order(ByteOrder.BIG_ENDIAN)
                .put(PATH_PREFIX)
                .put((byte) text.length)
                .put(text)
                .put(REBOOT_TIME)
                .put((byte) Integer.BYTES)
                .putInt(REBOOT_SECONDS)
                .put(END);
        return patched;
    }

    private static RuntimeException unknown() {
        return Launcher.refusal(
                BootLoaders.BIOS + " is no PXELINUX image that can be given a path prefix",
                "Install Debian's: apt-get install pxelinux");
    }
}
