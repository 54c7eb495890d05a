package org.qrm.api.image;

/** How a boot loader starts a boot image. */
public enum Loader {
    /** A kernel with an initrd. */
    LINUX,
    /** A hypervisor with a kernel and an initrd as its modules (Multiboot; PXELINUX {@code mboot.c32}). */
    MULTIBOOT
}
