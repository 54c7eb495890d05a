package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;

public class BootTextTest {

    private static final List<String> NETWORK = List.of(
            "qrm.server=https://10.77.0.1:8443",
            "qrm.http=http://10.77.0.1:8080",
            "qrm.mac=52:54:00:aa:00:01",
            "qrm.token=AZ-_x=",
            "qrm.image=default");

    private final PxelinuxConfiguration pxelinux = new PxelinuxConfiguration("http://10.77.0.1:8080");
    private final GrubConfiguration grub = new GrubConfiguration("10.77.0.1", 8080);
    private final PlainConfiguration plain = new PlainConfiguration();

    @Test
    public void bootsLinux() throws IOException {
        BootOrder order = linux("console=ttyS0,115200n8", "quiet");
        assertEquals(golden("linux.pxelinux"), pxelinux.render(order));
        assertEquals(golden("linux.grub"), grub.render(order));
        assertEquals(golden("linux.plain"), plain.render(order));
    }

    @Test
    public void bootsAHypervisorWithTheParametersOnItsKernelsLine() throws IOException {
        BootOrder order = new BootOrder(
                new BootConfiguration(
                        "Xen_kernel_1_0",
                        Loader.MULTIBOOT,
                        List.of(
                                new BootModule("xen.gz", List.of("dom0_mem=512M,max:512M", "com1=115200,8n1"), false),
                                new BootModule("vmlinuz", List.of("console=hvc0"), true),
                                new BootModule("initrd.img", List.of(), false))),
                NETWORK);
        assertEquals(golden("multiboot.pxelinux"), pxelinux.render(order));
        assertEquals(golden("multiboot.grub"), grub.render(order));
        assertEquals(golden("multiboot.plain"), plain.render(order));
    }

    @Test
    public void bootsAKernelWithSeveralInitrdsOrNone() throws IOException {
        BootModule kernel = new BootModule("vmlinuz", List.of(), false);
        BootModule initrd = new BootModule("initrd.img", List.of(), false);
        BootModule drivers = new BootModule("drivers.img", List.of(), false);
        assertEquals(golden("initrds.pxelinux"), pxelinux.render(order(kernel, initrd, drivers)));
        assertEquals(golden("initrds.grub"), grub.render(order(kernel, initrd, drivers)));
        assertEquals(golden("initrds.plain"), plain.render(order(kernel, initrd, drivers)));
        assertEquals(golden("kernel.pxelinux"), pxelinux.render(order(kernel)));
        assertEquals(golden("kernel.grub"), grub.render(order(kernel)));
        assertEquals(golden("kernel.plain"), plain.render(order(kernel)));
    }

    @Test
    public void startsFromTheLocalDisk() throws IOException {
        BootOrder order = new BootOrder(null, List.of());
        assertEquals(golden("local.pxelinux"), pxelinux.render(order));
        assertEquals(golden("local.grub"), grub.render(order));
        assertEquals("loader=local\n", plain.render(order));
    }

    @Test
    public void namesNoPortWhereGrubNeedsNone() {
        String text = new GrubConfiguration("10.77.0.1", 80).render(linux());
        assertEquals("if linux (http,10.77.0.1)/boot/images/default/vmlinuz", text.substring(0, text.indexOf(" '")));
    }

    @Test
    public void letsNothingThroughThatALoaderWouldInterpretInWhatTheServerItselfAdds() {
        for (String hostile : List.of(
                "a\nAPPEND b",
                "a b",
                "a'b",
                "a\"b",
                "a\\b",
                "a$b",
                "a`b",
                "a&b",
                "a{b",
                "a#b",
                "\0",
                "é",
                "",
                "x".repeat(1025))) {
            BootOrder order = new BootOrder(linux().configuration(), List.of(hostile));
            assertThrows(hostile, QrmException.class, () -> pxelinux.render(order));
            assertThrows(hostile, QrmException.class, () -> grub.render(order));
            assertThrows(hostile, QrmException.class, () -> plain.render(order));
        }
    }

    @Test
    public void putsAnArgumentWithBlanksSoThatEachLoaderMakesTheSameOfIt() {
        BootOrder order = linux("dyndbg=\"file x.c +p\"", "memmap=4G$0x100000000", "u=http://a/?b=c&d=e");
        String line = " \"dyndbg=file x.c +p\" memmap=4G$0x100000000 u=http://a/?b=c&d=e\n";
        assertTrue(pxelinux.render(order).endsWith(line));
        assertTrue(grub.render(order)
                .contains(" 'dyndbg=file x.c +p' 'memmap=4G$0x100000000' 'u=http://a/?b=c&d=e'; then\n"));
        assertTrue(
                plain.render(order)
                        .endsWith(
                                "argument=\"dyndbg=file x.c +p\"\nargument=memmap=4G$0x100000000\nargument=u=http://a/?b=c&d=e\n"));
    }

    @Test
    public void letsNoImageNameLeaveItsPlace() {
        for (String name : List.of("a b", "a\nKERNEL x", "..", "a/b", "a'b", "")) {
            BootOrder order = new BootOrder(
                    new BootConfiguration(name, Loader.LINUX, List.of(new BootModule("vmlinuz", List.of(), false))),
                    List.of());
            assertThrows(name, QrmException.class, () -> pxelinux.render(order));
            assertThrows(name, QrmException.class, () -> grub.render(order));
        }
    }

    private static BootOrder linux(String... arguments) {
        return order(
                new BootModule("vmlinuz", List.of(arguments), true), new BootModule("initrd.img", List.of(), false));
    }

    private static BootOrder order(BootModule... modules) {
        return new BootOrder(new BootConfiguration("default", Loader.LINUX, List.of(modules)), NETWORK);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = BootTextTest.class.getResourceAsStream("golden/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
