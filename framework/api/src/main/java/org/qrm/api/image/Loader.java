package org.qrm.api.image;

/** How a boot loader starts a boot image. There may be more in a later release: a {@code switch} needs a {@code default} branch. */
public enum Loader {
    /** A kernel with an initrd. */
    LINUX,
    /** A hypervisor with a kernel and an initrd as its modules (Multiboot; PXELINUX {@code mboot.c32}). */
    MULTIBOOT
}
