package org.qrm.core.partition;

import java.io.IOException;
import org.junit.Test;
import org.qrm.api.partition.PartitionState;
import org.qrm.core.lifecycle.DrawnLifeCycle;

public class PartitionLifeCycleTest {

    @Test
    public void isDrawnAsItIs() throws IOException {
        DrawnLifeCycle.isDrawn("Partition", PartitionLifeCycle.TABLE, PartitionState.class, PartitionState.DEFINED);
    }

    @Test
    public void nobodyIsStuck() {
        DrawnLifeCycle.nobodyIsStuck(PartitionLifeCycle.TABLE, PartitionState.class, PartitionState.DEFINED);
    }
}
