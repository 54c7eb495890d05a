package org.qrm.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes licenses/, sbom.cdx.json and vex.cdx.json into the folder that becomes the archive; fails if the licence of anything is unknown. */
public final class Inventory {

    private Inventory() {}

    /** @param arguments the folder, the version, and the time that the build is told */
    public static void main(String[] arguments) throws IOException {
        Path archive = Path.of(arguments[0]);
        Path licenses = Files.createDirectories(archive.resolve("licenses"));
        DebianParts debian = new DebianParts(archive, licenses);
        Tables tables = new Tables();
        new LooseFiles(archive, tables).refuseStrangers();
        List<Part> parts = new ArrayList<>(new Jars(archive, licenses, tables).parts());
        parts.addAll(debian.parts());
        parts.addAll(new ApiPages(archive, licenses).parts());
        Files.writeString(licenses.resolve("debian").resolve("sources"), String.join("\n", debian.sources()) + "\n");
        Tables.copy("README.md", licenses.resolve("README.md"));
        new Sbom(arguments[1], arguments[2]).write(parts, archive.resolve("sbom.cdx.json"));
        new Vex(parts).write(archive.resolve("vex.cdx.json"));
    }
}
