package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.Test;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;

public class HostTextTest {

    private static final MacAddress MAC = MacAddress.parse("00:16:3e:00:00:01");

    @Test
    public void describesAPartition() {
        Partition partition = new Partition(
                7, "p1", MAC, 3, "xen", new PartitionSize(1, 700, 256), "0-1,3", PartitionState.DEFINED, "");
        assertEquals(
                "name=p1\ncpus=1\ncpu-mhz=700\nmemory-mb=256\npinned-cpus=0-1,3\ntype=pv\n",
                HostText.describe(partition, "pv"));
    }

    @Test
    public void readsTheCapacityAndWhatElseAHostSays() {
        String info = "xen-version=4.17.5\nboot-id=a-b\ncpus=2\ncpu-mhz=2400\nmemory-mb=2047\nmemory-free-mb=1398\n"
                + "memory-reserved-mb=640\noverhead-mb=9\ntypes=pv,pvh,hvm\nbridge=xenbr0\n";
        assertEquals(Optional.of(new HostCapacity(2, 2400, 2047, 640, 1398, 9)), HostText.capacity(info));
    }

    @Test
    public void doesNotGuessAMissingFigure() {
        assertEquals(Optional.empty(), HostText.capacity("cpus=2\ncpu-mhz=2400\nmemory-mb=lots\n"));
    }

    @Test
    public void readsPartitionsInEachState() {
        String list = """
                00:16:3e:00:00:01 running 1 700 256
                00:16:3e:00:00:02 paused 2 0 512\s
                00:16:3e:00:00:03 stopped 1 0 256 switched itself off
                00:16:3e:00:00:04 crashed 1 0 256 kernel panic
                """;
        assertEquals(
                Optional.of(List.of(
                        sighting(1, PartitionState.RUNNING, 1, 700, 256, ""),
                        sighting(2, PartitionState.PAUSED, 2, 0, 512, ""),
                        sighting(3, PartitionState.STOPPED, 1, 0, 256, ""),
                        sighting(4, PartitionState.ERROR, 1, 0, 256, "kernel panic"))),
                HostText.sightings(list));
    }

    @Test
    public void knowsAHostWithoutPartitions() {
        assertEquals(Optional.of(List.of()), HostText.sightings(""));
    }

    @Test
    public void doesNotTakeALineThatMakesNoSense() {
        assertEquals(Optional.empty(), HostText.sightings("00:16:3e:00:00:01 running 1 700\n"));
        assertEquals(Optional.empty(), HostText.sightings("xl: error\n"));
    }

    private static PartitionSighting sighting(int n, PartitionState state, int cpus, int mhz, long mb, String reason) {
        return new PartitionSighting(
                MacAddress.parse("00:16:3e:00:00:0" + n), state, new PartitionSize(cpus, mhz, mb), reason);
    }
}
