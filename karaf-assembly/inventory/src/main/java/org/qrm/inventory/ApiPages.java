package org.qrm.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Java's javadoc puts of its own beside the pages of the API. */
final class ApiPages {

    private static final List<String> OF_JAVADOC = List.of("script.js", "stylesheet.css");
    private static final String NAME = "openjdk-javadoc";
    private static final String LICENSE = "GPL-2.0-only WITH Classpath-exception-2.0";

    private final Path archive;
    private final Path licenses;

    ApiPages(Path archive, Path licenses) {
        this.archive = archive;
        this.licenses = licenses;
    }

    List<Part> parts() throws IOException {
        Path pages = archive.resolve("docs/api");
        try (Stream<Path> files = Files.walk(pages)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                refuseStranger(pages.relativize(file).toString());
            }
        }
        Path copy = licenses.resolve("java").resolve(NAME).resolve("LICENSE");
        Files.createDirectories(copy.getParent());
        Tables.copy("texts/" + NAME + ".txt", copy);
        String version = System.getProperty("java.version");
        return OF_JAVADOC.stream()
                .map(file -> new Part(
                        "pkg:generic/" + NAME + "@" + version,
                        "org.openjdk",
                        NAME,
                        version,
                        LICENSE,
                        "docs/api/" + file,
                        false))
                .toList();
    }

    /** Another Java may bring scripts, fonts and pictures of others. */
    private static void refuseStranger(String name) {
        if (!name.endsWith(".html")
                && !name.equals("element-list")
                && !name.startsWith("legal/")
                && !OF_JAVADOC.contains(name)) {
            throw new IllegalStateException("javadoc of Java " + System.getProperty("java.version") + " wrote docs/api/"
                    + name + ": build with Java 17, or say in ApiPages of karaf-assembly/inventory what it is");
        }
    }
}
