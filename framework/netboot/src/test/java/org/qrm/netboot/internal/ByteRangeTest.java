package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class ByteRangeTest {

    @Test
    public void readsTheThreeForms() {
        assertEquals(new ByteRange(10, 11), of("bytes=10-20"));
        assertEquals(new ByteRange(90, 10), of("bytes=90-"));
        assertEquals(new ByteRange(95, 5), of("bytes=-5"));
    }

    @Test
    public void cutsAtTheEndOfTheFile() {
        assertEquals(new ByteRange(99, 1), of("bytes=99-1000"));
        assertEquals(new ByteRange(0, 100), of("bytes=-1000"));
    }

    @Test
    public void saysWhatCannotBeSatisfied() {
        assertTrue(of("bytes=100-").unsatisfiable());
        assertTrue(of("bytes=-0").unsatisfiable());
    }

    @Test
    public void ignoresWhatItDoesNotUnderstand() {
        for (String header : List.of(
                "lines=1-2",
                "bytes=",
                "bytes=-",
                "bytes=5-2",
                "bytes=1-2,4-5",
                "bytes=a-b",
                "bytes=1",
                "bytes=99999999999999999999-")) {
            assertEquals(header, Optional.empty(), ByteRange.of(header, 100));
        }
        assertEquals(Optional.empty(), ByteRange.of(null, 100));
    }

    private static ByteRange of(String header) {
        return ByteRange.of(header, 100).orElseThrow();
    }
}
