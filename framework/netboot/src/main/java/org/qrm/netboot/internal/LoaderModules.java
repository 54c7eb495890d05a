package org.qrm.netboot.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * What firmware and boot loaders fetch that is no machine's own. PXELINUX's modules: once DHCP option 210 has given it an HTTP
 * prefix it fetches these from there too, not by TFTP: its core right after it has started, the others when a configuration
 * names {@code mboot.c32}. And the loader itself, for firmware that boots over HTTP.
 */
final class LoaderModules {

    private static final Set<String> NAMES =
            Set.of("ldlinux.c32", "mboot.c32", "libcom32.c32", "libutil.c32", "grubnet.efi");
    private static final Path DEBIAN = Path.of("/usr/lib/syslinux/modules/bios");
    private static final long MAX_BYTES = 1024 * 1024;

    private final List<Path> directories;
    private final Refusals refusals;
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

    /** @param home where the distribution is unpacked; it carries the modules in {@code boot/tftp} */
    LoaderModules(Path home, Refusals refusals) {
        this.directories = List.of(home.resolve("boot/tftp"), DEBIAN);
        this.refusals = refusals;
    }

    /** The content of such a file, if it is one and is there. */
    Optional<byte[]> find(String name) throws IOException {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        byte[] known = contents.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        for (Path directory : directories) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
                byte[] content = Files.readAllBytes(file);
                contents.put(name, content);
                return Optional.of(content);
            }
        }
        return Optional.empty();
    }

    void answer(byte[] content, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        response.setContentLength(content.length);
        if (request.getMethod().equals("GET")) {
            Exchange exchange = new Exchange(request, response, refusals, Download.MAX_MILLIS);
            Download.start(new ByteArrayInputStream(content), content.length, response, exchange);
        }
    }
}
