package org.qrm.core.component;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.qrm.api.health.HealthResult;

public class DiskSpaceTest {

    private static final long GIB = 1024L * 1024 * 1024;

    @Test
    public void tellsBeforeItIsFull() {
        assertTrue("half a GiB is little anywhere", DiskSpace.isLittle(GIB / 2 - 1, GIB));
        assertEquals(false, DiskSpace.isLittle(GIB, 8 * GIB));
        assertTrue("of 100 GiB", DiskSpace.isLittle(4 * GIB, 100 * GIB));
        assertEquals(false, DiskSpace.isLittle(6 * GIB, 100 * GIB));
        assertEquals("10 GiB are enough of any size", false, DiskSpace.isLittle(10 * GIB, 10_000 * GIB));
        assertTrue(DiskSpace.isLittle(0, GIB));
        assertTrue(DiskSpace.isLittle(10 * GIB - 1, 10_000 * GIB));
    }

    @Test
    public void saysHowMuchThereIsAndTellsAChangeOnce() {
        List<String> told = new ArrayList<>();
        // a file system that is always full
        DiskSpace full = new DiskSpace(Path.of("/proc"), (little, message) -> told.add(little + " " + message));
        full.look();
        full.look();
        assertEquals(told.toString(), 1, told.size());
        assertTrue(told.get(0), told.get(0).startsWith("true 0 MiB of 0 MiB are left where /proc is. Make room"));
        assertEquals(HealthResult.Status.WARN, full.execute().status());
        assertEquals(
                "a place that is gone is no full one",
                HealthResult.Status.OK,
                new DiskSpace(Path.of("/nowhere"), (little, message) -> told.add(message))
                        .execute()
                        .status());
    }
}
