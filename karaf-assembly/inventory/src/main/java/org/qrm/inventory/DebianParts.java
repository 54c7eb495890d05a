package org.qrm.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Debian packages of which files are in what machines boot, and in bundles that say so below META-INF/debian. */
final class DebianParts {

    private static final String IN_BUNDLES = "META-INF/debian/";

    private final Path archive;
    private final Path licenses;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();

    DebianParts(Path archive, Path licenses) throws IOException {
        this.archive = archive;
        this.licenses = licenses.resolve("debian");
        readBootFolder();
        try (Stream<Path> files = Files.walk(archive.resolve("system"))) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                readBundle(jar);
            }
        }
    }

    List<Part> parts() {
        return parts;
    }

    /** Lines {@code source=version}, as apt-get source takes them. */
    List<String> sources() {
        return sources.stream().distinct().sorted().toList();
    }

    private void readBootFolder() throws IOException {
        Path brought = archive.resolve("boot").resolve("debian");
        try (Stream<Path> files = Files.walk(brought)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("packages")) {
                    copy(brought.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        read("boot", Files.readString(brought.resolve("packages")));
    }

    private void readBundle(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            JarEntry packages = jar.getJarEntry(IN_BUNDLES + "packages");
            if (packages == null) {
                return;
            }
            jar.stream()
                    .filter(entry -> entry.getName().startsWith(IN_BUNDLES + "copyright/") && !entry.isDirectory())
                    .forEach(entry -> {
                        try (InputStream in = jar.getInputStream(entry)) {
                            copy(entry.getName().substring(IN_BUNDLES.length()), in.readAllBytes());
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            read(
                    archive.relativize(file).toString(),
                    new String(jar.getInputStream(packages).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void copy(String name, byte[] content) throws IOException {
        Path copy = licenses.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.write(copy, content);
    }

    private void read(String where, String packages) throws IOException {
        for (String line : packages.lines().toList()) {
            String[] field = line.split("\t");
            if (field.length != 5) {
                throw new IllegalStateException(
                        where + " says of its Debian packages \"" + line
                                + "\"; expected name, version, source, its version and what is linked in (see record in framework/node/packages.sh)");
            }
            requireCopyright(where, field[0]);
            String purl = "pkg:deb/debian/" + field[0] + "@" + escaped(field[1]) + "?arch=amd64&upstream="
                    + escaped(field[2] + "@" + field[3]);
            parts.add(new Part(purl, "debian", field[0], field[1], field[0], where, true));
            sources.add(field[2] + "=" + field[3]);
            if (!field[4].equals("-")) {
                for (String linked : field[4].split(",")) {
                    sources.add(linked.replaceFirst("\\(=(.*)\\)", "=$1"));
                }
            }
        }
    }

    private void requireCopyright(String where, String name) throws IOException {
        Path text = licenses.resolve("copyright").resolve(name);
        if (!Files.exists(text) || Files.size(text) == 0) {
            throw new IllegalStateException(where + " holds files of the Debian package " + name
                    + ", but not its copyright file: see record in framework/node/packages.sh");
        }
    }

    private static String escaped(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
