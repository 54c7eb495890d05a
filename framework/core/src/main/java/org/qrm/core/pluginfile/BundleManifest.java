package org.qrm.core.pluginfile;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a bundle says of itself. Of the jar nothing but the manifest is unpacked, and of that no more than is read here.
 *
 * @param symbolicName without directives
 * @param version of the bundle
 * @param headers all that the manifest says
 */
record BundleManifest(String symbolicName, Version version, Attributes headers) {

    /** Why a file is no bundle that can be installed. */
    static final class NoBundle extends Exception {
        private static final long serialVersionUID = 1L;

        NoBundle(String reason) {
            super(reason);
        }
    }

    static final int MOST_BYTES = 1024 * 1024;

    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final String NOT_A_JAR = "it is no jar file, or was cut off on its way";
    private static final String FOLDER = "META-INF/";

    /** The headers that decide whether a bundle can be resolved; none has any of its code run. */
    private static final List<String> NEEDS = List.of(
            Constants.BUNDLE_MANIFESTVERSION,
            Constants.IMPORT_PACKAGE,
            Constants.EXPORT_PACKAGE,
            Constants.REQUIRE_BUNDLE,
            Constants.REQUIRE_CAPABILITY,
            Constants.PROVIDE_CAPABILITY,
            "Bundle-RequiredExecutionEnvironment");

    /** Reads it as both do who will: the deployer the first entries, the framework the directory at the end of the file. */
    static BundleManifest of(Path file) throws NoBundle {
        byte[] listed = listed(file);
        if (!Arrays.equals(listed, first(file))) {
            throw new NoBundle("its manifest is not the first entry after META-INF/, or is there twice");
        }
        try {
            return of(new Manifest(new ByteArrayInputStream(listed)).getMainAttributes());
        } catch (IOException malformed) {
            throw new NoBundle("its manifest cannot be read: " + malformed.getMessage());
        }
    }

    private static byte[] listed(Path file) throws NoBundle {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
            if (entry == null) {
                throw new NoBundle("it has no " + JarFile.MANIFEST_NAME);
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return bounded(in);
            }
        } catch (IOException | IllegalArgumentException malformed) {
            throw new NoBundle(NOT_A_JAR + " (" + malformed.getMessage() + ")");
        }
    }

    private static byte[] first(Path file) throws NoBundle {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            ZipEntry entry = zip.getNextEntry();
            if (entry != null && entry.getName().equals(FOLDER)) {
                entry = zip.getNextEntry();
            }
            boolean there = entry != null && entry.getName().equals(JarFile.MANIFEST_NAME);
            return there ? bounded(zip) : new byte[0];
        } catch (IOException | IllegalArgumentException malformed) {
            throw new NoBundle(NOT_A_JAR + " (" + malformed.getMessage() + ")");
        }
    }

    private static byte[] bounded(InputStream in) throws IOException, NoBundle {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new NoBundle("its manifest has more than 1 MiB");
        }
        return bytes;
    }

    private static BundleManifest of(Attributes headers) throws NoBundle {
        String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) {
            throw new NoBundle("its manifest has no Bundle-SymbolicName");
        }
        if (!"2".equals(trimmed(headers, Constants.BUNDLE_MANIFESTVERSION))) {
            throw new NoBundle("its Bundle-ManifestVersion is not 2");
        }
        if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
            throw new NoBundle("it is a fragment, which changes another bundle");
        }
        String bare = name.split(";", 2)[0].trim();
        if (!SYMBOLIC_NAME.matcher(bare).matches()) {
            throw new NoBundle("its Bundle-SymbolicName is none");
        }
        return new BundleManifest(bare, version(headers), headers);
    }

    private static Version version(Attributes headers) throws NoBundle {
        try {
            return Version.parseVersion(trimmed(headers, Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException malformed) {
            throw new NoBundle("its Bundle-Version is none: " + malformed.getMessage());
        }
    }

    private static String trimmed(Attributes headers, String name) {
        String value = headers.getValue(name);
        return value == null ? null : value.trim();
    }

    /**
     * A bundle that requires and provides the same, has no code, and does not collide with one of the same name: what the
     * framework says of it holds for the bundle.
     */
    InputStream trial() {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        NEEDS.forEach(header -> {
            String value = headers.getValue(header);
            if (value != null) {
                main.putValue(header, value);
            }
        });
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        main.putValue(
                Constants.BUNDLE_VERSION,
                new Version(version.getMajor(), version.getMinor(), version.getMicro(), "qrm-trial").toString());
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try {
            new JarOutputStream(jar, manifest).close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new ByteArrayInputStream(jar.toByteArray());
    }
}
