package org.qrm.core.pluginfile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes bundles: {@code Jar.named("a.b").with("Import-Package", "c.d").bytes()}. */
final class Jar {

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> classes = new LinkedHashMap<>();

    private Jar() {
        with("Manifest-Version", "1.0").with("Bundle-ManifestVersion", "2");
    }

    static Jar named(String symbolicName) {
        return new Jar().with("Bundle-SymbolicName", symbolicName).with("Bundle-Version", "1.2.3");
    }

    static Jar nameless() {
        return new Jar();
    }

    Jar with(String header, String value) {
        manifest.getMainAttributes().put(new Attributes.Name(header), value);
        return this;
    }

    /** With the code of that class. */
    Jar having(Class<?> type) throws IOException {
        String entry = type.getName().replace('.', '/') + ".class";
        try (InputStream code = type.getClassLoader().getResourceAsStream(entry)) {
            classes.put(entry, code.readAllBytes());
        }
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                jar.putNextEntry(new JarEntry(each.getKey()));
                jar.write(each.getValue());
            }
            jar.putNextEntry(new JarEntry("content.txt"));
            jar.write(new byte[100]);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
