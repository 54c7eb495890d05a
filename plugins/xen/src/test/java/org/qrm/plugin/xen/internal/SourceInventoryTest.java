package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Optional;
import org.junit.Test;

public class SourceInventoryTest {

    private static final String USUAL = """
            hypervisor=xen-4.14-amd64.gz
            hypervisor=xen-4.17-amd64.gz
            kernel=6.1.0-38-amd64 yes yes boot
            kernel=6.1.0-40-amd64 yes yes boot
            kernel=6.1.0-41-cloud-amd64 no yes boot
            kernel=6.12.1-amd64 yes no boot
            network=192.168.1.10/24
            used-kib=1048576
            rsync=yes
            init=systemd
            """;

    @Test
    public void takesTheNewestOfWhatCanBeUsed() {
        SourceInventory inventory = SourceInventory.parse(USUAL);
        assertEquals(Optional.of("xen-4.17-amd64.gz"), inventory.hypervisor());
        assertEquals(Optional.of("6.1.0-40-amd64"), inventory.kernel());
        assertEquals(Optional.empty(), inventory.lack());
        assertEquals(1L << 30, inventory.usedBytes());
    }

    @Test
    public void saysWhatEachKernelLacks() {
        SourceInventory inventory = SourceInventory.parse(
                "hypervisor=xen-4.17-amd64.gz\nkernel=6.1.0 no yes boot\nkernel=6.2.0 yes no boot\n");
        assertEquals(
                "it has no kernel that can be dom0 with its modules (6.1.0: without CONFIG_XEN_DOM0, 6.2.0: /lib/modules"
                        + " lacks its modules); install one (Debian: apt-get install linux-image-amd64)",
                inventory.lack().orElse(""));
    }

    @Test
    public void saysThatThereIsNoHypervisor() {
        assertTrue(SourceInventory.parse("kernel=6.1.0 yes yes boot\n")
                .lack()
                .orElse("")
                .contains("apt-get install xen-hypervisor-amd64"));
    }

    @Test
    public void looksAtNothingThatIsOddlyNamed() {
        SourceInventory inventory = SourceInventory.parse(
                "hypervisor=xen-4.17/../../etc/shadow.gz\nkernel=6.1/../../.. yes yes boot\nkernel=$(id) yes yes boot\nused-kib=-1\n");
        assertEquals(SourceInventory.parse(""), inventory);
    }
}
