package org.qrm.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the jars of the archive, and what is packed into them. */
final class Jars {

    private static final Predicate<String> OF_A_LICENSE =
            name -> name.matches("(META-INF/|META-INF/licenses/.*|about_files/)?(?i:LICENSE|NOTICE|about)[^/]*");

    private static final Pattern OF_WHAT_IS_SHADED =
            Pattern.compile("META-INF/licenses/([^/]+)/([^/]+)-([0-9][^/-]*)/");

    private final Path archive;
    private final Path licenses;
    private final Tables tables;

    Jars(Path archive, Path licenses, Tables tables) {
        this.archive = archive;
        this.licenses = licenses;
        this.tables = tables;
    }

    List<Part> parts() throws IOException {
        List<Part> parts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(archive)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                parts.addAll(partsOf(jar));
            }
        }
        return parts;
    }

    private List<Part> partsOf(Path file) throws IOException {
        String where = archive.relativize(file).toString();
        List<Part> parts = new ArrayList<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            Part itself = itself(where, jar);
            parts.add(itself);
            for (Properties shaded : coordinates(jar)) {
                if (!shaded.getProperty("artifactId").equals(itself.name())) {
                    parts.add(part(
                            shaded.getProperty("groupId"),
                            shaded.getProperty("artifactId"),
                            shaded.getProperty("version"),
                            where));
                }
            }
            for (String[] shaded : folders(jar)) {
                parts.add(part(shaded[0], shaded[1], shaded[2], where));
            }
            for (Tables.Packed row : tables.packedInto(itself.name())) {
                if (jar.stream().noneMatch(entry -> entry.getName().startsWith(row.prefix()))) {
                    throw new IllegalStateException(
                            where + " holds nothing below " + row.prefix() + ": take the line out of packed.tsv");
                }
                parts.add(part(row.group(), row.name(), row.version(), where));
            }
            refuseJars(jar, where);
            refuseStrangers(jar, itself);
            boolean brought = copyLicenses(jar, itself);
            for (Part part : parts) {
                // what the jar itself is under covers what is shaded into it
                brought |= copyText(part);
                requireText(part, brought);
            }
        }
        return parts;
    }

    private Part part(String group, String name, String version, String where) {
        return Part.maven(group, name, version, tables.license(group, name), where);
    }

    /** In system/ the path says what it is; elsewhere the jar itself, else its name. */
    private Part itself(String where, JarFile jar) throws IOException {
        String[] path = where.split("/");
        if (path[0].equals("system") || path[0].equals("maven")) {
            int last = path.length - 1;
            String group = String.join(".", List.of(path).subList(1, last - 2));
            return part(group, path[last - 2], path[last - 1], where);
        }
        for (Properties own : coordinates(jar)) {
            String name = own.getProperty("artifactId");
            if (path[path.length - 1].matches(Pattern.quote(name) + "(-[0-9].*)?\\.jar")) {
                return part(own.getProperty("groupId"), name, own.getProperty("version"), where);
            }
        }
        throw new IllegalStateException("nothing says which artifact " + where + " is");
    }

    private static List<Properties> coordinates(JarFile jar) throws IOException {
        List<Properties> all = new ArrayList<>();
        for (JarEntry entry : jar.stream()
                .filter(entry -> entry.getName().matches("META-INF/maven/.*/pom\\.properties"))
                .toList()) {
            Properties properties = new Properties();
            try (InputStream in = jar.getInputStream(entry)) {
                properties.load(in);
            }
            all.add(properties);
        }
        return all;
    }

    /** Of META-INF/licenses/GROUP/NAME-VERSION/, where some keep the licences of what they shade. */
    private static List<String[]> folders(JarFile jar) {
        return jar.stream()
                .map(entry -> OF_WHAT_IS_SHADED.matcher(entry.getName()))
                .filter(Matcher::matches)
                .map(found -> new String[] {found.group(1), found.group(2), found.group(3)})
                .toList();
    }

    /** What is in those would go unseen. */
    private static void refuseJars(JarFile jar, String where) {
        jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.matches(".*\\.(jar|war|kar)"))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalStateException(
                            where + " holds " + name + ": have Jars of karaf-assembly/inventory look into it");
                });
    }

    /** Every class in a jar of ours is ours or in packed.tsv. */
    private void refuseStrangers(JarFile jar, Part itself) {
        if (!itself.group().equals("org.qrm")) {
            return;
        }
        List<Tables.Packed> known = tables.packedInto(itself.name());
        jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.endsWith(".class") || name.contains("/web/lib/") && !name.endsWith("/"))
                .filter(name -> name.contains("/web/lib/") || !name.startsWith("org/qrm/"))
                .filter(name -> !name.equals("module-info.class"))
                .filter(name -> known.stream().noneMatch(row -> name.startsWith(row.prefix())))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalStateException(itself.where() + " holds " + name
                            + ", which is not ours: say in packed.tsv of karaf-assembly/inventory where it comes from");
                });
    }

    private boolean copyLicenses(JarFile jar, Part itself) throws IOException {
        boolean any = false;
        for (JarEntry entry : jar.stream()
                .filter(entry -> !entry.isDirectory() && OF_A_LICENSE.test(entry.getName()))
                .toList()) {
            Path copy = licenses.resolve("java")
                    .resolve(itself.name())
                    .resolve(entry.getName().replace("META-INF/", "").replace('/', '-'));
            Files.createDirectories(copy.getParent());
            try (InputStream in = jar.getInputStream(entry)) {
                Files.write(copy, in.readAllBytes());
            }
            any = true;
        }
        return any;
    }

    private boolean copyText(Part part) throws IOException {
        try (InputStream text = Tables.resource("texts/" + part.name() + ".txt")) {
            if (text == null) {
                return false;
            }
            Path copy = licenses.resolve("java").resolve(part.name()).resolve("LICENSE");
            Files.createDirectories(copy.getParent());
            Files.write(copy, text.readAllBytes());
            return true;
        }
    }

    private static void requireText(Part part, boolean brought) {
        if (!brought && !part.license().matches("(.*Apache-2\\.0.*|EPL-2\\.0.*|0BSD)")) {
            throw new IllegalStateException(part.where() + " brings no text of its licence " + part.license()
                    + ": add texts/" + part.name() + ".txt to karaf-assembly/inventory");
        }
    }
}
