package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ParametersTest {

    /** Rows as QRM 0.1.0 wrote them, by the record that they are read as now. */
    private static final List<Map.Entry<String, Map.Entry<String, String>>> OLD = List.of(
            old(
                    "environment.Machines$OfMachines",
                    "{\"environment\":\"web1\",\"resources\":\"1,20\"}",
                    "OfMachines[environment=web1, resources=[1, 20], force=false]"),
            old(
                    "environment.Machines$OfMachines",
                    "{\"resources\":\"\",\"force\":\"true\",\"environment\":\"web1\"}",
                    "OfMachines[environment=web1, resources=[], force=true]"),
            old(
                    "partition.PartitionWork$OfPartitions",
                    "{\"host\":\"7\",\"partitions\":\"8,9\"}",
                    "OfPartitions[host=7, partitions=[8, 9]]"),
            old(
                    "partition.PartitionWork$OfPartitions",
                    "{\"host\":\"7\",\"partitions\":\"8\",\"force\":\"true\"}",
                    "OfPartitions[host=7, partitions=[8]]"),
            old(
                    "partition.PartitionWork$Forced",
                    "{\"host\":\"7\",\"partitions\":\"8\",\"force\":\"true\"}",
                    "Forced[host=7, partitions=[8], force=true]"),
            old(
                    "partition.ChangePartition$Wanted",
                    "{\"host\":\"7\",\"partitions\":\"8\",\"cpus\":\"2\",\"cpuMhz\":\"0\",\"memoryMb\":\"256\","
                            + "\"pinnedCpus\":\"0-1,3\"}",
                    "Wanted[host=7, partitions=[8], cpus=2, cpuMhz=0, memoryMb=256, pinnedCpus=0-1,3]"),
            old("resource.ResourceActions$OfResource", "{\"resource\":\"7\"}", "OfResource[resource=7]"),
            old("image.ImageWork$OfImage", "{\"image\":\"debian\"}", "OfImage[image=debian]"),
            old(
                    "image.DeleteImage$Wanted",
                    "{\"image\":\"debian\",\"keepContent\":\"true\"}",
                    "Wanted[image=debian, keepContent=true]"),
            old("plugin.PluginSteps$OfPlugin", "{\"plugin\":\"xen\"}", "OfPlugin[plugin=xen, force=false]"));

    private static Map.Entry<String, Map.Entry<String, String>> old(String record, String row, String read) {
        return Map.entry(record, Map.entry(row, read));
    }

    @Test
    public void readsWhatTheFirstReleaseWroteAndWhatIsWrittenNow() throws Exception {
        for (Map.Entry<String, Map.Entry<String, String>> each : OLD) {
            Class<? extends Record> kind =
                    Class.forName("org.qrm.core." + each.getKey()).asSubclass(Record.class);
            Record read = Parameters.read(each.getValue().getKey(), kind);
            assertEquals(each.getValue().getValue(), read.toString());
            assertEquals(read, Parameters.read(Parameters.write(read), kind));
        }
    }
}
