package org.qrm.plugin.xen.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.tukaani.xz.XZInputStream;

/**
 * What makes the default boot image's initrd that of another kernel: an archive with modules of that kernel, which the
 * kernel unpacks after it. Modules are looked for by {@code uname -r}, so the default's own are not in the way.
 */
final class DomainZeroInitrd {

    private static final int MOST_INDEX = 16 * 1024 * 1024;
    private static final int MOST_MODULE = 64 * 1024 * 1024;
    private static final Duration PER_FILE = Duration.ofMinutes(5);

    private final SourceSystem source;
    private final String version;

    /** @param version of the kernel, as {@code uname -r} says */
    DomainZeroInitrd(SourceSystem source, String version) {
        this.source = source;
        this.version = version;
    }

    /** A gzip'd archive to be appended to the default initrd. */
    byte[] modules(WorkContext work) throws IOException {
        KernelModules chosen = KernelModules.choose(index("modules.dep"));
        if (chosen.files().isEmpty()) {
            throw QrmException.failed(
                    "make an initrd for kernel",
                    version,
                    "modules.dep of " + source.address() + " lists none of the modules that a machine needs to boot",
                    "Run depmod " + version + " there.",
                    null);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (NewcArchive archive = new NewcArchive(new GZIPOutputStream(bytes))) {
            String directory = "lib/modules/" + version + "/";
            for (String file : chosen.files()) {
                work.checkpoint();
                archive.add(directory + KernelModules.plain(file), module(file));
            }
            add(archive, directory + "modules.dep", chosen.modulesDep());
            add(archive, directory + "modules.alias", chosen.modulesAlias(index("modules.alias")));
            add(archive, directory + "modules.builtin", index("modules.builtin"));
            add(archive, directory + "modules.order", index("modules.order"));
        }
        work.log(chosen.files().size() + " modules of kernel " + version + " are added to the default initrd");
        return bytes.toByteArray();
    }

    private static void add(NewcArchive archive, String path, String text) throws IOException {
        archive.add(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private String index(String file) throws IOException {
        try (InputStream in = source.open(path(file), PER_FILE)) {
            return new String(bounded(in, file, MOST_INDEX), StandardCharsets.UTF_8);
        }
    }

    private byte[] module(String file) throws IOException {
        if (file.endsWith(".zst")) {
            try (InputStream in = source.openZstd(path(file), PER_FILE)) {
                return bounded(in, file, MOST_MODULE);
            }
        }
        byte[] content;
        try (InputStream in = source.open(path(file), PER_FILE)) {
            content = bounded(in, file, MOST_MODULE);
        }
        try (InputStream unpacked = unpacked(file, new ByteArrayInputStream(content))) {
            return bounded(unpacked, file, MOST_MODULE);
        }
    }

    private static InputStream unpacked(String file, InputStream in) throws IOException {
        if (file.endsWith(".xz")) {
            return new XZInputStream(in, 65 * 1024);
        }
        return file.endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    private String path(String file) {
        return "/lib/modules/" + version + "/" + file;
    }

    private byte[] bounded(InputStream in, String file, int most) throws IOException {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new IOException(path(file) + " of " + source.address() + " is larger than " + most + " bytes");
        }
        return bytes;
    }
}
