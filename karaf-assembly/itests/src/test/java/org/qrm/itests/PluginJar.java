package org.qrm.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;

/** The jar of a bundle of one class, its activator. */
final class PluginJar {

    private final Manifest manifest = new Manifest();
    private final Class<? extends BundleActivator> activator;

    private PluginJar(Class<? extends BundleActivator> activator) {
        this.activator = activator;
        with("Manifest-Version", "1.0");
        with("Bundle-ManifestVersion", "2");
        with("Bundle-SymbolicName", activator.getName());
        with("Bundle-Version", "1.0.0");
        with("Bundle-Activator", activator.getName());
        with("Import-Package", "org.osgi.framework,org.qrm.api.plugin,org.qrm.api.operation");
    }

    static PluginJar of(Class<? extends BundleActivator> activator) {
        return new PluginJar(activator);
    }

    PluginJar with(String header, String value) {
        manifest.getMainAttributes().put(new Attributes.Name(header), value);
        return this;
    }

    byte[] bytes() throws IOException {
        String entry = activator.getName().replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest);
                InputStream code =
                        Objects.requireNonNull(activator.getClassLoader().getResourceAsStream(entry))) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
        return bytes.toByteArray();
    }
}
