package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

public class PageRequestTest {

    @Test
    public void takesOneToAThousand() {
        assertEquals(1, new PageRequest(1, null).limit());
        assertEquals(1000, new PageRequest(1000, "17").limit());
        assertEquals(PageRequest.MAX_LIMIT, PageRequest.FIRST.limit());
    }

    @Test
    public void refusesOtherLimits() {
        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE}) {
            QrmException refused = assertThrows(QrmException.class, () -> new PageRequest(limit, null));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
    }
}
