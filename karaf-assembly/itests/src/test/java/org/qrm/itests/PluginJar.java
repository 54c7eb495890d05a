package org.qrm.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;

/** The jar of a bundle of one class, its activator or its component, or of none. */
final class PluginJar {

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private PluginJar() {
        with("Manifest-Version", "1.0");
        with("Bundle-ManifestVersion", "2");
        with("Bundle-Version", "1.0.0");
    }

    /** One that has no code. */
    static PluginJar empty(String symbolicName) {
        return new PluginJar().with("Bundle-SymbolicName", symbolicName);
    }

    static PluginJar of(Class<? extends BundleActivator> activator) {
        return new PluginJar()
                .having(activator)
                .with("Bundle-SymbolicName", activator.getName())
                .with("Bundle-Activator", activator.getName())
                .with("Import-Package", "org.osgi.framework,org.qrm.api.plugin,org.qrm.api.operation");
    }

    /**
     * One whose class is made by Declarative Services, with its properties for the constructor.
     *
     * @param attributes of the component: {@code immediate="true"}
     * @param elements properties, services, references
     */
    static PluginJar component(String symbolicName, Class<?> type, String attributes, String elements) {
        String xml = "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" name=\"" + symbolicName
                + ".part\" init=\"1\" activate=\"activate\" " + attributes + "><implementation class=\""
                + type.getName() + "\"/>" + elements + "</scr:component>";
        return empty(symbolicName)
                .having(type)
                .having("OSGI-INF/component.xml", xml.getBytes(StandardCharsets.UTF_8))
                .with("Service-Component", "OSGI-INF/component.xml")
                .with("Import-Package", "org.qrm.api.plugin,org.qrm.api.operation")
                .with(
                        "Require-Capability",
                        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4.0)(!(version>=2.0.0)))\"");
    }

    /** With the code of another class. */
    PluginJar having(Class<?> type) {
        String entry = type.getName().replace('.', '/') + ".class";
        try (InputStream code = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(entry))) {
            return having(entry, code.readAllBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private PluginJar having(String entry, byte[] content) {
        entries.put(entry, content);
        return this;
    }

    PluginJar with(String header, String value) {
        manifest.getMainAttributes().put(new Attributes.Name(header), value);
        return this;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
