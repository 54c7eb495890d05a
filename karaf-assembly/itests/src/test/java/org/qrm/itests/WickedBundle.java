package org.qrm.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.qrm.itests.wicked.WickedListener;

/** The bundle with {@link WickedListener}, dropped into a running server as an administrator would. */
final class WickedBundle {

    static final String NAME = "org.qrm.itests.wicked";

    private WickedBundle() {}

    static void deploy(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", NAME);
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", WickedListener.class.getName());
        main.putValue(
                "Import-Package",
                "org.osgi.framework,org.qrm.api.assignment,org.qrm.api.boot,org.qrm.api.environment,"
                        + "org.qrm.api.operation");
        String entry = WickedListener.class.getName().replace('.', '/') + ".class";
        Path made = Files.createTempFile(directory.getParent(), "wicked", ".jar");
        try (OutputStream file = Files.newOutputStream(made);
                JarOutputStream jar = new JarOutputStream(file, manifest);
                InputStream code = Objects.requireNonNull(
                        WickedListener.class.getClassLoader().getResourceAsStream(entry))) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
        // complete when it appears there
        Files.move(made, directory.resolve("wicked.jar"), StandardCopyOption.ATOMIC_MOVE);
    }
}
