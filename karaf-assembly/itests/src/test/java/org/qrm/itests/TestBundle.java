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

/** A bundle of one class, dropped into a running server as an administrator would. */
final class TestBundle {

    private TestBundle() {}

    /**
     * Puts it there, complete.
     *
     * @param name symbolic name; also the file's
     * @param imports packages, with commas between
     */
    static void deploy(Path directory, String name, Class<?> activator, String imports) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", activator.getName());
        main.putValue("Import-Package", imports);
        String entry = activator.getName().replace('.', '/') + ".class";
        Path made = Files.createTempFile(directory.getParent(), "bundle", ".jar");
        try (OutputStream file = Files.newOutputStream(made);
                JarOutputStream jar = new JarOutputStream(file, manifest);
                InputStream code =
                        Objects.requireNonNull(activator.getClassLoader().getResourceAsStream(entry))) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
        Files.move(made, directory.resolve(name + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }
}
