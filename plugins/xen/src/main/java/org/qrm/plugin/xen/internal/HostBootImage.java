package org.qrm.plugin.xen.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.qrm.api.QrmException;
import org.qrm.api.image.BootFile.Role;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.WorkContext;

/** The boot image of Xen hosts: hypervisor and kernel of the source system, and an initrd for that kernel. */
final class HostBootImage {

    static final String NAME = "Xen_kernel_1_0";
    private static final String MAKE = "make boot image";
    private static final Duration TRANSFER = Duration.ofMinutes(10);
    private static final Duration INSPECT = Duration.ofSeconds(30);
    private static final List<Role> NEEDED = List.of(Role.HYPERVISOR, Role.KERNEL, Role.INITRD);

    private final BootImages images;

    HostBootImage(BootImages images) {
        this.images = images;
    }

    /** Whether it is there with all that boots a host. */
    boolean isComplete() {
        return images.find(NAME).filter(HostBootImage::complete).isPresent();
    }

    /**
     * Makes it from the source system unless it is there. One that is complete is taken as it is, if somebody else made it,
     * or if the installation that made it came to its end; otherwise if the source system has the same files.
     *
     * @param installed whether an installation came to its end
     * @return whether this call made it
     */
    boolean ensure(SourceSystem source, boolean installed, WorkContext work) {
        Optional<BootImage> before = images.find(NAME);
        if (before.filter(HostBootImage::complete)
                .filter(image -> installed || !XenPlugin.ID.equals(image.plugin()) || isOf(source, image, work))
                .isPresent()) {
            work.log("Boot image " + NAME + " is there; it is taken as it is");
            return false;
        }
        before.filter(image -> !XenPlugin.ID.equals(image.plugin())).ifPresent(HostBootImage::refuseStranger);
        before.ifPresent(image -> images.delete(NAME));
        try {
            fill(source, work);
            return true;
        } catch (IOException broken) {
            removeOwn();
            throw QrmException.failed(
                    MAKE, NAME, String.valueOf(broken.getMessage()), "Install the plug-in again.", broken);
        } catch (RuntimeException failed) {
            removeOwn();
            throw failed;
        }
    }

    /** An earlier installation that failed may have had another source system, or taken what never was its kernel. */
    private static boolean isOf(SourceSystem source, BootImage image, WorkContext work) {
        SourceInventory inventory = source.inspect(INSPECT);
        boolean same = inventory.lack().isEmpty()
                && has(image, Role.HYPERVISOR, source, hypervisor(inventory))
                && has(image, Role.KERNEL, source, kernel(inventory));
        if (!same) {
            work.log("Boot image " + NAME + " of an earlier attempt is not what " + source.address()
                    + " has; it is made anew");
        }
        return same;
    }

    private static boolean has(BootImage image, Role role, SourceSystem source, String path) {
        String digest = source.digest(path, TRANSFER);
        return image.file(role).filter(file -> file.sha256().equals(digest)).isPresent();
    }

    private static String hypervisor(SourceInventory inventory) {
        return "/boot/" + inventory.hypervisor().orElseThrow();
    }

    private static String kernel(SourceInventory inventory) {
        return inventory.kernelFile().orElseThrow();
    }

    /** Removes it if this plug-in made it. */
    void removeOwn() {
        images.find(NAME)
                .filter(image -> XenPlugin.ID.equals(image.plugin()))
                .ifPresent(image -> Quietly.run(() -> images.delete(NAME)));
    }

    private void fill(SourceSystem source, WorkContext work) throws IOException {
        SourceInventory inventory = source.inspect(INSPECT);
        inventory.lack().ifPresent(lack -> {
            throw QrmException.failed(MAKE, NAME, "source system " + source.address() + ": " + lack, "", null);
        });
        String hypervisor = inventory.hypervisor().orElseThrow();
        String kernel = inventory.kernel().orElseThrow();
        images.create(
                NAME,
                Loader.MULTIBOOT,
                XenPlugin.ID,
                hypervisor.replace(".gz", "") + ", kernel " + kernel + ", from " + source.address());
        work.log("Boot image " + NAME + ": " + hypervisor + " and kernel " + kernel + " of " + source.address());
        copy(source, hypervisor(inventory), "xen.gz", Role.HYPERVISOR);
        work.checkpoint();
        copy(source, kernel(inventory), "vmlinuz", Role.KERNEL);
        byte[] modules = new DomainZeroInitrd(source, kernel).modules(work);
        try (InputStream initrd =
                new SequenceInputStream(Files.newInputStream(defaultInitrd()), new ByteArrayInputStream(modules))) {
            images.putFile(NAME, "initrd.img", Role.INITRD, initrd);
        }
    }

    private void copy(SourceSystem source, String path, String file, Role role) throws IOException {
        try (InputStream in = source.open(path, TRANSFER)) {
            images.putFile(NAME, file, role, in);
        }
    }

    private Path defaultInitrd() {
        return images.content(BootImage.DEFAULT, Role.INITRD)
                .orElseThrow(() -> QrmException.conflict(
                        MAKE,
                        NAME,
                        "the boot image " + BootImage.DEFAULT + " has no initrd",
                        "Unpack the distribution's folder boot again."));
    }

    private static boolean complete(BootImage image) {
        return image.loader() == Loader.MULTIBOOT
                && NEEDED.stream().allMatch(role -> image.file(role).isPresent());
    }

    private static void refuseStranger(BootImage image) {
        List<Role> lacking =
                NEEDED.stream().filter(role -> image.file(role).isEmpty()).toList();
        throw QrmException.conflict(
                MAKE,
                NAME,
                "there is a boot image of that name, not made by this plug-in, "
                        + (image.loader() == Loader.MULTIBOOT ? "that lacks " + lacking : "that boots no hypervisor"),
                "Complete it (bin/qrm boot-image), or delete it.");
    }
}
