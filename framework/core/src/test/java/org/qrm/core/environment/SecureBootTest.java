package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/** What listeners may have a machine with Secure Boot boot. */
public class SecureBootTest {

    private static final BootConfiguration IDLE = linux(BootImage.DEFAULT, List.of());

    @Test
    public void takesWhatTheMachineBootsAnyhow() {
        SecureBoot.check("web", machine("on"), linux(BootImage.DEFAULT, List.of()), IDLE);
    }

    @Test
    public void refusesAHypervisorAndWhateverElseIsNotTheIdleKernelAsItIs() {
        assertEquals(
                "Secure Boot is on in the firmware of node-1, and the hypervisor of Xen is not signed",
                refused(new BootConfiguration(
                        "Xen", Loader.MULTIBOOT, List.of(new BootModule("xen.gz", List.of(), false)))));
        for (BootConfiguration other : List.of(linux("own", List.of()), linux(BootImage.DEFAULT, List.of("quiet")))) {
            assertEquals(
                    "Secure Boot is on in the firmware of node-1, and only the boot image default without kernel"
                            + " arguments starts so",
                    refused(other));
        }
    }

    @Test
    public void hasNothingToSayOfOthers() {
        for (String said : List.of("off", "")) {
            SecureBoot.check("web", machine(said), linux("own", List.of("quiet")), IDLE);
        }
    }

    private static String refused(BootConfiguration planned) {
        Problem problem = assertThrows(QrmException.class, () -> SecureBoot.check("web", machine("on"), planned, IDLE))
                .problem();
        assertEquals(Problem.Kind.REFUSED, problem.kind());
        return problem.reason();
    }

    private static BootConfiguration linux(String image, List<String> arguments) {
        return new BootConfiguration(image, Loader.LINUX, List.of(new BootModule("vmlinuz", arguments, true)));
    }

    private static Resource machine(String said) {
        return new Resource(
                1,
                new MacAddress("52:54:00:aa:00:01"),
                "node-1",
                ResourceKind.NODE,
                null,
                null,
                ResourceState.IDLE,
                "",
                new Hardware(1, 1, 1, List.of(), Map.of(Hardware.SECURE_BOOT, said)),
                null,
                null,
                0,
                null,
                1);
    }
}
