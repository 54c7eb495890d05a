package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.QrmException;

public class HostOptionsTest {

    @Test
    public void areSoundWithoutAnyConfiguration() {
        assertEquals(HostOptions.DEFAULT, HostOptions.parse(Map.of("service.pid", "org.qrm.xen")));
        assertEquals(
                List.of(
                        "dom0_mem=512M,max:512M",
                        "dom0_max_vcpus=2",
                        "com1=115200,8n1",
                        "console=com1,vga",
                        "loglvl=warning",
                        "guest_loglvl=warning"),
                HostOptions.DEFAULT.hypervisorLine(8));
    }

    @Test
    public void takeOverWhatIsConfigured() {
        HostOptions options = HostOptions.parse(Map.of(
                "dom0Memory", "1024",
                "dom0Cpus", 4,
                "console", "vga",
                "partitionType", "pvh",
                "hypervisorArguments", " iommu=no  sched=credit2 ",
                "kernelArguments", "quiet"));
        assertEquals(
                List.of(
                        "dom0_mem=1024M,max:1024M",
                        "dom0_max_vcpus=4",
                        "console=vga",
                        "loglvl=warning",
                        "guest_loglvl=warning",
                        "iommu=no",
                        "sched=credit2"),
                options.hypervisorLine(0));
        assertEquals("pvh", options.partitionType());
        assertEquals(List.of("quiet"), options.kernelArguments());
    }

    @Test
    public void giveTheHostNoMoreCpusThanTheMachineHas() {
        assertTrue(HostOptions.DEFAULT.hypervisorLine(1).contains("dom0_max_vcpus=1"));
    }

    @Test
    public void nameThePropertyThatIsWrong() {
        Map.of(
                        "dom0Memory", "64",
                        "dom0Cpus", "many",
                        "console", "tty",
                        "partitionType", "lxc",
                        "hypervisorArguments", "a \"b",
                        "kernelArguments", "a=b initrd=x")
                .forEach((name, value) -> {
                    QrmException refused =
                            assertThrows(QrmException.class, () -> HostOptions.parse(Map.of(name, value)));
                    assertTrue(refused.getMessage(), refused.getMessage().contains(name + "="));
                });
    }
}
