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

/** The jar of a bundle of one class, its activator, or of none. */
final class PluginJar {

    private final Manifest manifest = new Manifest();
    private final Class<? extends BundleActivator> activator;

    private PluginJar(Class<? extends BundleActivator> activator) {
        this.activator = activator;
        with("Manifest-Version", "1.0");
        with("Bundle-ManifestVersion", "2");
        with("Bundle-Version", "1.0.0");
    }

    /** One that has no code. */
    static PluginJar empty(String symbolicName) {
        PluginJar jar = new PluginJar(null);
        return jar.with("Bundle-SymbolicName", symbolicName);
    }

    static PluginJar of(Class<? extends BundleActivator> activator) {
        return new PluginJar(activator)
                .with("Bundle-SymbolicName", activator.getName())
                .with("Bundle-Activator", activator.getName())
                .with("Import-Package", "org.osgi.framework,org.qrm.api.plugin,org.qrm.api.operation");
    }

    PluginJar with(String header, String value) {
        manifest.getMainAttributes().put(new Attributes.Name(header), value);
        return this;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            if (activator != null) {
                addCode(jar);
            }
        }
        return bytes.toByteArray();
    }

    private void addCode(JarOutputStream jar) throws IOException {
        String entry = activator.getName().replace('.', '/') + ".class";
        try (InputStream code =
                Objects.requireNonNull(activator.getClassLoader().getResourceAsStream(entry))) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
    }
}
