package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.Before;
import org.junit.Test;

/** Who has only the archive learns what is in it, under which licences, and where its source is. */
public class InventoryIT {

    private Path home;
    private JsonNode sbom;

    @Before
    public void readTheBillOfMaterials() throws IOException, InterruptedException {
        home = UnpackedDistribution.home();
        sbom = new ObjectMapper().readTree(home.resolve("sbom.cdx.json").toFile());
    }

    @Test
    public void theBillOfMaterialsAndTheKnownFlawsAreValidCycloneDx() throws IOException {
        for (String file : List.of("sbom.cdx.json", "vex.cdx.json")) {
            assertEquals(
                    file,
                    List.of(),
                    new JsonParser().validate(home.resolve(file).toFile(), Version.VERSION_16));
        }
    }

    @Test
    public void everyJarIsInTheBillOfMaterials() throws IOException {
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.walk(home)) {
            files.filter(file -> file.toString().endsWith(".jar"))
                    .forEach(file -> missing.add(home.relativize(file).toString()));
        }
        assertTrue("jars: " + missing.size(), missing.size() > 100);
        missing.removeAll(locations());
        assertEquals(Set.of(), missing);
    }

    /** Whatever the repository serves that the build fetches from. */
    @Test
    public void everyJarOfOthersIsTheOneThatWasLookedAt() throws IOException {
        StringBuilder found = new StringBuilder();
        try (Stream<Path> files = Files.walk(home)) {
            for (String jar : files.map(file -> home.relativize(file).toString())
                    .filter(name -> name.endsWith(".jar") && !name.matches(".*(/org/qrm/|/org\\.qrm\\.).*"))
                    .sorted()
                    .toList()) {
                String digest = RestClient.sha256(Files.readAllBytes(home.resolve(jar)));
                found.append(digest).append("  ").append(jar).append('\n');
            }
        }
        Path now = Path.of("target/jars.sha256");
        Files.writeString(now, found);
        assertEquals(
                "compare what differs with what its maker tells, and copy " + now + " to src/test/resources",
                Files.readString(Path.of("src/test/resources/jars.sha256")),
                found.toString());
    }

    @Test
    public void everyFileThatIsNoTextIsAJarOrWhatMachinesBoot() throws IOException, InterruptedException {
        List<String> strangers = new ArrayList<>();
        try (Stream<Path> files = Files.walk(home)) {
            Set<Path> added = UnpackedDistribution.added();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = home.relativize(file).toString();
                boolean known =
                        name.endsWith(".jar") || name.matches("boot/(idle|tftp)/.*") || name.startsWith("docs/images/");
                if (!known && !added.contains(file) && isBinary(file)) {
                    strangers.add(name);
                }
            }
        }
        assertEquals(List.of(), strangers);
    }

    @Test
    public void everyDebianPackageHasItsCopyrightFileAndItsSource() throws IOException {
        List<String> sources = Files.readAllLines(home.resolve("licenses/debian/sources"));
        Set<String> packages = new TreeSet<>();
        for (JsonNode part : sbom.get("components")) {
            String purl = part.get("purl").asText();
            if (purl.startsWith("pkg:deb/")) {
                String name = part.get("name").asText();
                packages.add(name);
                assertTrue(name, Files.size(home.resolve("licenses/debian/copyright/" + name)) > 0);
                String upstream = java.net.URLDecoder.decode(
                        purl.substring(purl.indexOf("upstream=") + "upstream=".length()),
                        java.nio.charset.StandardCharsets.UTF_8);
                assertTrue(upstream, sources.contains(upstream.replace('@', '=')));
            }
        }
        for (String expected : List.of(
                "busybox-static",
                "wget",
                "libc6",
                "pci.ids",
                "pxelinux",
                "grub-efi-amd64-bin",
                "grub-efi-amd64-signed",
                "shim-signed",
                "xenstore-utils")) {
            assertTrue(expected + " in " + packages, packages.contains(expected));
        }
        assertTrue("a kernel in " + packages, packages.stream().anyMatch(name -> name.startsWith("linux-image-")));
        assertTrue("what busybox is linked with", sources.stream().anyMatch(source -> source.startsWith("glibc=")));
    }

    @Test
    public void whatOurOwnBundlesPackIsInTheBillOfMaterials() {
        Set<String> names = new TreeSet<>();
        sbom.get("components").forEach(part -> names.add(part.get("name").asText()));
        for (String packed :
                List.of("jdbi3-core", "picocli", "derby", "xz", "lit-html", "bootstrap", "xterm", "uplot")) {
            assertTrue(packed + " in " + names, names.contains(packed));
        }
    }

    @Test
    public void everyFlawNamedConcernsAPartOfThisArchive() throws IOException {
        JsonNode flaws =
                new ObjectMapper().readTree(home.resolve("vex.cdx.json").toFile());
        Set<String> references = new TreeSet<>();
        sbom.get("components")
                .forEach(part -> references.add(part.get("bom-ref").asText()));
        for (JsonNode flaw : flaws.get("vulnerabilities")) {
            for (JsonNode affected : flaw.get("affects")) {
                assertTrue(
                        flaw.get("id") + " of " + affected,
                        references.contains(affected.get("ref").asText()));
            }
        }
    }

    @Test
    public void theManualAndTheLicenceAreThere() {
        for (String file : List.of("LICENSE", "NOTICE", "CHANGELOG.md", "docs/server.md", "licenses/README.md")) {
            assertTrue(file, Files.isRegularFile(home.resolve(file)));
        }
    }

    private Set<String> locations() {
        Set<String> locations = new TreeSet<>();
        sbom.get("components")
                .forEach(part -> part.at("/evidence/occurrences")
                        .forEach(occurrence ->
                                locations.add(occurrence.get("location").asText())));
        return locations;
    }

    private static boolean isBinary(Path file) throws IOException {
        for (byte value : Files.readAllBytes(file)) {
            if (value == 0) {
                return true;
            }
        }
        return false;
    }
}
