package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.Test;
import org.qrm.api.QrmException;

public class PxelinuxOptionsTest {

    @Test
    public void appendsTheOptionsAndPointsToThem() {
        byte[] image = image();
        byte[] patched = PxelinuxOptions.withOptions(image, "http://x/");
        ByteBuffer header = ByteBuffer.wrap(patched).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(100, header.getInt(28));
        assertEquals(18, header.getInt(32));
        assertArrayEquals(
                new byte[] {
                    (byte) 210, 9, 'h', 't', 't', 'p', ':', '/', '/', 'x', '/', (byte) 211, 4, 0, 0, 0, 15, (byte) 255
                },
                Arrays.copyOfRange(patched, 100, 118));
    }

    @Test
    public void refusesWhatIsNoPxelinuxImage() {
        assertThrows(QrmException.class, () -> PxelinuxOptions.withOptions(new byte[10], "http://x/"));
        assertThrows(QrmException.class, () -> PxelinuxOptions.withOptions(new byte[1000], "http://x/"));
    }

    private static byte[] image() {
        byte[] image = new byte[100];
        ByteBuffer.wrap(image)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(8, 0x2983c8ac)
                .putInt(12, 28);
        return image;
    }
}
