package org.qrm.core.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.junit.Test;

public class HiddenTokensTest {

    private static final String WRITTEN =
            "qqrm.tok qrm.token=AQ_b-9 qrm.mac=1 qrm.qrm.token=x\r\nqrm.token= qrm.token=ends";
    private static final String SHOWN = "qqrm.tok qrm.token=… qrm.mac=1 qrm.qrm.token=…\r\nqrm.token= qrm.token=…";

    @Test
    public void hidesThemInWhatWasWritten() {
        assertEquals(SHOWN, HiddenTokens.in(WRITTEN));
    }

    @Test
    public void hidesThemInAStreamHoweverItIsCut() throws IOException {
        for (int piece = 1; piece <= WRITTEN.length(); piece++) {
            int size = piece;
            InputStream cut = new ByteArrayInputStream(WRITTEN.getBytes(UTF_8)) {
                @Override
                public int read(byte[] bytes, int offset, int length) {
                    return super.read(bytes, offset, Math.min(length, size));
                }
            };
            ByteArrayOutputStream shown = new ByteArrayOutputStream();
            InputStream hiding = HiddenTokens.in(cut);
            byte[] bytes = new byte[7];
            for (int n = hiding.read(bytes); n >= 0; n = hiding.read(bytes)) {
                shown.write(bytes, 0, n);
            }
            assertEquals("in pieces of " + piece, SHOWN, shown.toString(UTF_8));
        }
    }

    @Test
    public void holdsNothingUpThatMightBecomeOne() throws IOException {
        PipedOutputStream guest = new PipedOutputStream();
        InputStream shown = HiddenTokens.in(new PipedInputStream(guest));
        guest.write("qrm.toke".getBytes(UTF_8));
        guest.flush();
        byte[] bytes = new byte[100];
        int count = 0;
        while (count < "qrm.toke".length()) {
            count += shown.read(bytes, count, bytes.length - count);
        }
        assertEquals("qrm.toke", new String(bytes, 0, count, UTF_8));
    }
}
