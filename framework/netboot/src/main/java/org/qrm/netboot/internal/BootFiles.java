package org.qrm.netboot.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.BootFile;

/** Answers the files that boot images list, and no others. */
final class BootFiles {

    private final Core core;
    private final Refusals refusals;
    private final Loaders loaders;

    BootFiles(Core core, Refusals refusals, Loaders loaders) {
        this.loaders = loaders;
        this.core = core;
        this.refusals = refusals;
    }

    /** @param name {@code <boot image>/<file>}, of harmless characters */
    void answer(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        int slash = name.indexOf('/');
        String image = slash < 0 ? "" : name.substring(0, slash);
        String file = name.substring(slash + 1);
        Optional<BootFile> listed =
                BootPaths.isName(image) && BootPaths.isName(file) ? listed(image, file) : Optional.empty();
        Optional<Path> path =
                listed.isEmpty() ? Optional.empty() : core.bootImages().content(image, file);
        if (path.isEmpty()) {
            Answers.refuse(request, response, 404, "There is nothing here.");
        } else {
            if (listed.get().role() == BootFile.Role.KERNEL) {
                loaders.of(request.getRemoteAddr()).ifPresent(core.nodes()::kernelFetched);
            }
            answer(listed.get(), path.get(), request, response);
        }
    }

    private Optional<BootFile> listed(String image, String file) {
        return core.bootImages()
                .find(image)
                .flatMap(found -> found.files().stream()
                        .filter(each -> each.name().equals(file))
                        .findFirst());
    }

    private void answer(BootFile file, Path path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String tag = "\"" + file.sha256() + "\"";
        response.setHeader("ETag", tag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Cache-Control", "no-cache");
        if (matches(request.getHeader("If-None-Match"), tag)) {
            response.setStatus(304);
            return;
        }
        String ifRange = request.getHeader("If-Range");
        String header = ifRange == null || ifRange.equals(tag) ? request.getHeader("Range") : null;
        Optional<ByteRange> range = ByteRange.of(header, file.size());
        if (range.isPresent() && range.get().unsatisfiable()) {
            response.setHeader("Content-Range", "bytes */" + file.size());
            response.setStatus(416);
            return;
        }
        range.ifPresent(part -> describe(part, file, response));
        send(file, path, range.orElse(new ByteRange(0, file.size())), request, response);
    }

    private static void describe(ByteRange part, BootFile file, HttpServletResponse response) {
        long last = part.first() + part.length() - 1;
        response.setStatus(206);
        response.setHeader("Content-Range", "bytes " + part.first() + "-" + last + "/" + file.size());
    }

    private void send(
            BootFile file, Path path, ByteRange part, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setContentType("application/octet-stream");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLengthLong(part.length());
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        FileChannel channel = FileChannel.open(path);
        try {
            if (channel.size() != file.size()) {
                throw beingReplaced(file);
            }
            InputStream content = Channels.newInputStream(channel.position(part.first()));
            Exchange exchange = new Exchange(request, response, refusals, Download.MAX_MILLIS);
            Download.start(content, part.length(), response, exchange);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static QrmException beingReplaced(BootFile file) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE, "answer boot file", file.name(), "it is being replaced", "Ask again."));
    }

    /** Whether an {@code If-None-Match} header names that tag (RFC 9110, 13.1.2: compared weakly). */
    private static boolean matches(String header, String tag) {
        if (header == null) {
            return false;
        }
        for (String each : header.split(",", 64)) {
            String candidate = each.trim();
            if (candidate.equals("*") || candidate.equals(tag) || candidate.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }
}
