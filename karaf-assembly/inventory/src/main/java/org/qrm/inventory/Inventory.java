package org.qrm.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes licenses/ and sbom.cdx.json into the folder that becomes the archive; fails if the licence of anything is unknown. */
public final class Inventory {

    private Inventory() {}

    /** @param arguments the folder, the version, and the time that the build is told */
    public static void main(String[] arguments) throws IOException {
        Path archive = Path.of(arguments[0]);
        Path licenses = Files.createDirectories(archive.resolve("licenses"));
        DebianParts debian = new DebianParts(archive, licenses);
        List<Part> parts = new ArrayList<>(new Jars(archive, licenses, new Tables()).parts());
        parts.addAll(debian.parts());
        Files.writeString(licenses.resolve("debian").resolve("sources"), String.join("\n", debian.sources()) + "\n");
        try (InputStream readme = Tables.resource("README.md")) {
            Files.write(licenses.resolve("README.md"), readme.readAllBytes());
        }
        new Sbom(arguments[1], arguments[2]).write(parts, archive.resolve("sbom.cdx.json"));
    }
}
