package org.qrm.netboot.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;

/**
 * For firmware that boots over HTTP and starts only what is signed: a disk in memory (UEFI 2.10, 24.7.3.1) with the signed boot
 * loaders, which know no HTTP, and all that they load.
 */
final class SecureDisk {

    private static final String PLACE = "\nset qrm_server=";

    private final Path loaders;
    private final String server;
    private final Core core;
    private final Refusals refusals;

    /**
     * @param loaders the distribution's {@code boot/tftp}
     * @param server address and port, for the idle environment
     */
    SecureDisk(Path loaders, String server, Core core, Refusals refusals) {
        this.loaders = loaders;
        this.server = server;
        this.core = core;
        this.refusals = refusals;
    }

    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, Map.Entry<Long, RamDisk.Content>> files = new LinkedHashMap<>();
        Path signed = loaders.resolve("secure");
        Path script = signed.resolve("grub.cfg");
        if (!add(files, "EFI/BOOT/BOOTX64.EFI", signed.resolve("shimx64.efi"))
                || !add(files, "EFI/BOOT/grubx64.efi", signed.resolve("grubx64.efi"))
                || !add(files, "grubnet.efi", loaders.resolve("grubnet.efi"))
                || !addIdle(files)
                || !Files.isReadable(script)) {
            Answers.refuse(request, response, 404, "There is nothing here.");
            return;
        }
        byte[] text = addressed(Files.readString(script)).getBytes(StandardCharsets.UTF_8);
        files.put("grub/grub.cfg", Map.entry((long) text.length, () -> new ByteArrayInputStream(text)));
        RamDisk disk = new RamDisk(files);
        // by this, or by the end of the name, firmware tells a disk from a loader (as EDK II and UEFI 2.10 have it)
        response.setContentType("application/vnd.efi-img");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentLengthLong(disk.size());
        if (request.getMethod().equals("GET")) {
            Exchange exchange = new Exchange(request, response, refusals, Download.MAX_MILLIS);
            Download.start(disk.open(), disk.size(), response, exchange);
        }
    }

    /** The script with the server's address in the room that it has for that. */
    private String addressed(String script) {
        int at = script.indexOf(PLACE) + PLACE.length();
        return script.substring(0, at) + server + script.substring(at + server.length());
    }

    private boolean addIdle(Map<String, Map.Entry<Long, RamDisk.Content>> files) throws IOException {
        for (Map.Entry<String, BootFile.Role> each : Map.of(
                        "vmlinuz", BootFile.Role.KERNEL, "initrd.img", BootFile.Role.INITRD)
                .entrySet()) {
            Optional<Path> file = core.bootImages().content(BootImage.DEFAULT, each.getValue());
            if (file.isEmpty() || !add(files, each.getKey(), file.get())) {
                return false;
            }
        }
        return true;
    }

    private static boolean add(Map<String, Map.Entry<Long, RamDisk.Content>> files, String name, Path file)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        files.put(name, Map.entry(Files.size(file), () -> Files.newInputStream(file)));
        return true;
    }
}
