package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceSize;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

public class SizesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void machinesOfOneModelAreOfOneSizeWhateverTheirFirmwareKeeps() throws Exception {
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK)) {
            assertEquals(List.of(), core.resources.sizes());
            long[] memory = {64_318, 64_320, 65_536, 32_100, 1_900};
            for (int number = 0; number < memory.length; number++) {
                core.nodes()
                        .register(new TestMachine(core::nodes, number + 1, number == 3 ? 8 : 16, memory[number])
                                .registration());
            }
            long first = core.resources.find("1").orElseThrow().id();
            core.database.change(
                    change -> change.handle().execute("update resource set state = 'OFF' where id = ?", first));
            assertEquals(
                    List.of(
                            new ResourceSize(ResourceKind.NODE, 8, 31 * 1024, Map.of(ResourceState.IDLE, 1L)),
                            new ResourceSize(ResourceKind.NODE, 16, 1_900, Map.of(ResourceState.IDLE, 1L)),
                            new ResourceSize(
                                    ResourceKind.NODE,
                                    16,
                                    63 * 1024,
                                    Map.of(ResourceState.IDLE, 1L, ResourceState.OFF, 1L)),
                            new ResourceSize(ResourceKind.NODE, 16, 64 * 1024, Map.of(ResourceState.IDLE, 1L))),
                    core.resources.sizes());
        }
    }
}
