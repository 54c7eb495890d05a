package org.qrm.core.environment;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

public class KernelLineTest {

    private static final String LONGEST_NAME = "n".repeat(63);
    private static final List<String> BY_XEN = List.of(
            "dom0_mem=1048576M,max:1048576M",
            "dom0_max_vcpus=512",
            "com1=115200,8n1",
            "com2=115200,8n1",
            "console=com1,com2,vga",
            "loglvl=warning",
            "guest_loglvl=warning");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void takesTheLongestArgumentsThatAnEnvironmentMayHaveWithTheLongestNames() {
        KernelLine.check(linux(900));
        KernelLine.check(multiboot(900, BY_XEN));
    }

    @Test
    public void refusesWhatAListenerMadeTooLong() {
        assertThrows(QrmException.class, () -> KernelLine.check(linux(1400)));
        assertThrows(QrmException.class, () -> KernelLine.check(multiboot(900, List.of("x".repeat(400)))));
    }

    @Test
    public void refusesBlanksAndTheEndOfOptionsOnAHypervisorsLine() {
        for (String argument : List.of("a=\"b c\"", "--")) {
            assertThrows(argument, QrmException.class, () -> KernelLine.check(multiboot(10, List.of(argument))));
        }
    }

    @Test
    public void countsOnNetworkParametersThatAreNotLongerThanTheyCanBe() throws Exception {
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK)) {
            int octets = new TestMachine(core::nodes, 1, 2, 1024)
                    .bootOrder().networkParameters().stream()
                            .map(it -> it.replaceAll("://.*", "://255.255.255.255:65535"))
                            .filter(it -> !it.startsWith("qrm.image="))
                            .mapToInt(it -> it.length() + 1)
                            .sum();
            assertTrue(octets + " octets", octets + " qrm.image=".length() <= KernelLine.NETWORK);
        }
    }

    private static BootConfiguration linux(int octets) {
        return new BootConfiguration(LONGEST_NAME, Loader.LINUX, List.of(kernel(octets), initrd()));
    }

    private static BootConfiguration multiboot(int octets, List<String> hypervisor) {
        return new BootConfiguration(
                LONGEST_NAME,
                Loader.MULTIBOOT,
                List.of(new BootModule(LONGEST_NAME, hypervisor, false), kernel(octets), initrd()));
    }

    private static BootModule initrd() {
        return new BootModule(LONGEST_NAME, List.of(), false);
    }

    private static BootModule kernel(int octets) {
        List<String> arguments = Stream.of(
                        Stream.of("console=tty0", "console=hvc0", "panic=60", "xen.gateway=255.255.255.255"),
                        Stream.of("x".repeat(Math.min(octets, 900) - 1)),
                        Stream.of("y".repeat(Math.max(1, octets - 901))))
                .flatMap(it -> it)
                .filter(it -> !it.equals("y"))
                .toList();
        return new BootModule(LONGEST_NAME, arguments, true);
    }
}
