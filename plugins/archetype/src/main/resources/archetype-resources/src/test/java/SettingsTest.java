package ${package};

import static org.junit.Assert.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.Test;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.Environment;
import org.qrm.testkit.Machine;

public class SettingsTest {

    private final Settings settings = Settings.of(Map.of(Settings.SPARE_MEMORY, "1000", Settings.PRIORITY, "INFO"));

    @Test
    public void remarksOnMemoryBeyondWhatMayBeSpare() {
        assertEquals(
                Optional.of("web1 asks for 500 MiB and runs on node-1, which has 1001 MiB more."),
                settings.remark(machine(1501), environment(500)));
        assertEquals(Optional.empty(), settings.remark(machine(1500), environment(500)));
    }

    @Test
    public void saysNothingOfAnEnvironmentThatDoesNotSayWhatItNeeds() {
        assertEquals(Optional.empty(), settings.remark(machine(100_000), environment(0)));
    }

    @Test
    public void usesTheProposalsForWhatIsNotAnswered() {
        assertEquals(new Settings(4096, Priority.WARNING), Settings.of(Map.of()));
    }

    @Test
    public void theWizardRefusesWhatIsOutOfRange() {
        SpareMemoryWizard wizard = new SpareMemoryWizard();
        assertEquals(Map.of(), wizard.validate(Map.of(Settings.SPARE_MEMORY, "0")));
        assertEquals(
                Map.of(Settings.SPARE_MEMORY, "Give 0 to 1048576 MiB."),
                wizard.validate(Map.of(Settings.SPARE_MEMORY, "-1")));
    }

    private static Resource machine(long memoryMb) {
        return Machine.node(1).hardware(1, 1000, memoryMb).resource();
    }

    private static EnvironmentSpec environment(long memoryMb) {
        return Environment.named("web1")
                .needing(new Requirements(0, 0, memoryMb, 0))
                .spec();
    }
}
