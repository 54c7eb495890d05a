package org.qrm.plugin.simulator.internal.machine;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.Test;

public class LoaderConfigurationTest {

    @Test
    public void readsALinuxKernelWithItsInitrd() {
        LoaderConfiguration configuration = LoaderConfiguration.parse("""
                DEFAULT qrm
                PROMPT 0
                TIMEOUT 100
                LABEL qrm
                  KERNEL http://s:80/a/vmlinuz
                  INITRD http://s:80/a/initrd
                  APPEND quiet qrm.token=a=b
                """);
        assertEquals(
                List.of(URI.create("http://s:80/a/vmlinuz"), URI.create("http://s:80/a/initrd")),
                configuration.files());
        assertEquals("a=b", configuration.required("qrm.token"));
    }

    @Test
    public void takesTheParametersOfAHypervisorsKernel() {
        LoaderConfiguration configuration = LoaderConfiguration.parse("""
                DEFAULT qrm
                LABEL qrm
                  KERNEL mboot.c32
                  APPEND http://s/xen.gz qrm.token=xen --- http://s/vmlinuz qrm.token=linux --- http://s/initrd
                """);
        assertEquals(3, configuration.files().size());
        assertEquals("linux", configuration.required("qrm.token"));
    }

    @Test
    public void startsFromTheLocalDisk() {
        assertTrue(LoaderConfiguration.parse("DEFAULT local\nLABEL local\n  LOCALBOOT 0\n")
                .local());
    }

    @Test
    public void bootsNothingElse() {
        assertThrows(IllegalArgumentException.class, () -> LoaderConfiguration.parse("There is nothing here.\n"));
        assertThrows(
                IllegalArgumentException.class,
                () -> LoaderConfiguration.parse("DEFAULT a\nLABEL b\n  KERNEL http://s/vmlinuz\n"));
    }

    @Test
    public void readsWhatAHostGetsForItsPartition() {
        LoaderConfiguration configuration = LoaderConfiguration.parseForPartition("""
                image=default
                loader=linux
                kernel=/boot/images/default/vmlinuz
                initrd=/boot/images/default/initrd.img
                initrd=/boot/images/default/more.img
                argument=quiet
                argument=qrm.token=a=b
                """);
        assertEquals(
                List.of(
                        URI.create("/boot/images/default/vmlinuz"),
                        URI.create("/boot/images/default/initrd.img"),
                        URI.create("/boot/images/default/more.img")),
                configuration.files());
        assertEquals("a=b", configuration.required("qrm.token"));
    }

    @Test
    public void aPartitionStartsNeitherAHypervisorNorADisk() {
        String hypervisor = assertThrows(
                        IllegalArgumentException.class,
                        () -> LoaderConfiguration.parseForPartition("image=Xen_kernel_1_0\nloader=multiboot\n"))
                .getMessage();
        assertTrue(hypervisor, hypervisor.contains("the boot image Xen_kernel_1_0 is for machines"));
        assertThrows(IllegalArgumentException.class, () -> LoaderConfiguration.parseForPartition("loader=local\n"));
        assertThrows(IllegalArgumentException.class, () -> LoaderConfiguration.parseForPartition("<html>"));
    }
}
