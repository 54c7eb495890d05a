package org.qrm.inventory;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A small archive, of which all is known; and each thing that nobody has said the origin or the licence of fails the build with a sentence. */
public class InventoryTest {

    private static final String DERBY = "system/org/qrm/org.qrm.derby/1.0/org.qrm.derby-1.0.jar";
    private static final String JACKSON = "system/com/fasterxml/jackson/core/jackson-core/2.0/jackson-core-2.0.jar";
    private static final String PACKED = "org/apache/derby/X.class";

    private interface Change {
        void make() throws IOException;
    }

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path archive;

    @Before
    public void makeTheArchive() throws IOException {
        archive = folder.getRoot().toPath();
        write("boot/debian/packages", "wget\t1.21\twget\t1.21\t-\nzlib1g\t1:1.2\tzlib\t1:1.2\tglibc(=2.36)\n");
        write("boot/debian/copyright/wget", "GPL");
        write("boot/debian/copyright/zlib1g", "zlib");
        write("docs/api/index.html", "<html>");
        write("docs/api/script.js", "");
        jar(DERBY, "org/qrm/derby/Y.class", PACKED);
        jar(JACKSON);
        jar("system/org/eclipse/jetty/jetty-http/9.4/jetty-http-9.4.jar");
        jar(
                "system/org/ops4j/pax/url/pax-url-aether/2.7/pax-url-aether-2.7.jar",
                coordinates("org.codehaus.plexus", "plexus-utils"));
    }

    @Test
    public void namesEveryPartWithItsLicenceAndWhereItIs() throws IOException {
        take();
        Map<String, String> licenses = new LinkedHashMap<>();
        Map<String, String> places = new LinkedHashMap<>();
        for (JsonNode part : read("sbom.cdx.json").get("components")) {
            String purl = part.get("purl").asText();
            JsonNode license = part.get("licenses").get(0);
            licenses.put(
                    purl,
                    license.path("expression")
                            .asText(license.at("/license/name").asText()));
            places.put(purl, part.at("/evidence/occurrences/0/location").asText());
        }
        assertEquals("Apache-2.0", licenses.get("pkg:maven/com.fasterxml.jackson.core/jackson-core@2.0"));
        assertEquals(
                "licenses/debian/copyright/wget",
                licenses.get("pkg:deb/debian/wget@1.21?arch=amd64&upstream=wget%401.21"));
        assertEquals(
                "what our bundle packs",
                DERBY,
                places.entrySet().stream()
                        .filter(place -> place.getKey().startsWith("pkg:maven/org.apache.derby/derby@"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(""));
        assertEquals(
                "what Java's javadoc adds",
                "docs/api/script.js",
                places.get("pkg:generic/openjdk-javadoc@" + System.getProperty("java.version")));
    }

    @Test
    public void readsWhatIsShadedOutOfTheFoldersOfItsLicences() throws IOException {
        jar(
                "system/org/postgresql/postgresql/42.0/postgresql-42.0.jar",
                "META-INF/LICENSE",
                "META-INF/licenses/com.ongres.scram/scram-client-3.2/",
                "META-INF/licenses/com.ongres.scram/scram-client-3.2/META-INF/LICENSE");
        take();
        TreeSet<String> purls = new TreeSet<>();
        read("sbom.cdx.json")
                .get("components")
                .forEach(part -> purls.add(part.get("purl").asText()));
        assertTrue(purls.toString(), purls.contains("pkg:maven/com.ongres.scram/scram-client@3.2"));
    }

    @Test
    public void listsTheSourcesOfDebianPackagesAndOfWhatIsLinkedIn() throws IOException {
        take();
        assertEquals(
                "glibc=2.36\nwget=1.21\nzlib=1:1.2\n", Files.readString(archive.resolve("licenses/debian/sources")));
    }

    @Test
    public void knownFlawsNameTheVersionsThatTheArchiveHolds() throws IOException {
        take();
        TreeSet<String> affected = new TreeSet<>();
        for (JsonNode flaw : read("vex.cdx.json").get("vulnerabilities")) {
            flaw.get("affects").forEach(part -> affected.add(part.get("ref").asText()));
        }
        assertTrue(affected.toString(), affected.contains("pkg:maven/org.eclipse.jetty/jetty-http@9.4"));
        assertTrue(affected.toString(), affected.contains("pkg:deb/debian/wget@1.21?arch=amd64&upstream=wget%401.21"));
    }

    @Test
    public void writesTheSameTwice() throws IOException {
        take();
        String once = Files.readString(archive.resolve("sbom.cdx.json"));
        take();
        assertEquals(once, Files.readString(archive.resolve("sbom.cdx.json")));
        assertFalse(once.contains("licenses/licenses"));
    }

    @Test
    public void whatNobodyHasLookedAtIsRefused() throws IOException {
        Map<String, Change> refused = new LinkedHashMap<>();
        refused.put(
                "no licence is known of com.stranger:thing, which is in the archive",
                () -> jar("system/com/stranger/thing/1.0/thing-1.0.jar"));
        refused.put(
                "no licence is known of com.stranger:shaded",
                () -> jar(JACKSON, coordinates("com.stranger", "shaded")));
        refused.put(
                DERBY + " holds com/stranger/Thing.class, which is not ours",
                () -> jar(DERBY, PACKED, "com/stranger/Thing.class"));
        refused.put(
                DERBY + " holds nothing below org/apache/derby/: take the line out of packed.tsv", () -> jar(DERBY));
        refused.put("nothing says which artifact lib/boot/unknown.jar is", () -> jar("lib/boot/unknown.jar"));
        refused.put(
                "brings no text of its licence BSD-3-Clause: add texts/istack-commons-runtime.txt",
                () -> jar("system/com/sun/istack/istack-commons-runtime/3/istack-commons-runtime-3.jar"));
        refused.put(
                "boot holds files of the Debian package wget, but not its copyright file",
                () -> Files.delete(archive.resolve("boot/debian/copyright/wget")));
        refused.put(
                "system/a/b/1/b-1.jar holds files of the Debian package libc6, but not its copyright file",
                () -> jar("system/a/b/1/b-1.jar", "META-INF/debian/packages\nlibc6\t2\tglibc\t2\t-\n"));
        refused.put(
                "boot says of its Debian packages \"wget 1.21\"; expected name, version, source",
                () -> write("boot/debian/packages", "wget 1.21\n"));
        refused.put(
                "wrote docs/api/resources/jquery.js: build with Java 17, or say",
                () -> write("docs/api/resources/jquery.js", ""));
        refused.put(
                "CVE-2024-6763 in vex.json of karaf-assembly/inventory is about org.eclipse.jetty/jetty-http, of which the archive holds nothing",
                () -> Files.delete(archive.resolve("system/org/eclipse/jetty/jetty-http/9.4/jetty-http-9.4.jar")));
        for (String stranger :
                List.of("share/vendor.js", "boot/tftp/menu.c32", "lib/native/libthing.so", "etc/thing.bin")) {
            refused.put("nobody has said whose " + stranger + " is", () -> write(stranger, "x"));
        }
        refused.put(
                "no licence is known of com.stranger:bundle",
                () -> write("system/com/stranger/bundle/1.0/bundle-1.0.zip", "x"));
        refused.put(JACKSON + " holds lib/inner.jar: have Jars", () -> jar(JACKSON, "lib/inner.jar"));
        for (Map.Entry<String, Change> row : refused.entrySet()) {
            clear();
            makeTheArchive();
            row.getValue().make();
            IllegalStateException refusal = assertThrows(row.getKey(), IllegalStateException.class, this::take);
            assertTrue(refusal.getMessage(), refusal.getMessage().contains(row.getKey()));
        }
    }

    private void take() throws IOException {
        Inventory.main(new String[] {archive.toString(), "1.0", "2026-01-01T00:00:00Z"});
    }

    private void clear() throws IOException {
        folder.delete();
        folder.create();
    }

    private JsonNode read(String file) throws IOException {
        return new ObjectMapper().readTree(archive.resolve(file).toFile());
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(archive.resolve(file).getParent());
        Files.writeString(archive.resolve(file), content);
    }

    private static String coordinates(String group, String name) {
        return "META-INF/maven/" + group + "/" + name + "/pom.properties\ngroupId=" + group + "\nartifactId=" + name
                + "\nversion=1.0\n";
    }

    /** @param entries names, each with its content after the first line feed */
    private void jar(String file, String... entries) throws IOException {
        Path jar = archive.resolve(file);
        Files.createDirectories(jar.getParent());
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("META-INF/"));
            for (String entry : entries) {
                String[] nameAndContent = entry.split("\n", 2);
                zip.putNextEntry(new ZipEntry(nameAndContent[0]));
                if (nameAndContent.length == 2) {
                    zip.write(nameAndContent[1].getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }
}
