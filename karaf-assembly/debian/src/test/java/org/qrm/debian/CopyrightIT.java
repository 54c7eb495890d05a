package org.qrm.debian;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.Test;

/** What the package says of licences, by hand, against what the archive's inventory found. */
public class CopyrightIT {

    /** A stanza of <a href="https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/">debian/copyright</a>. */
    private record Stanza(List<Pattern> files, Set<String> licenses) {

        boolean isOf(String file) {
            return files.stream().anyMatch(pattern -> pattern.matcher(file).matches());
        }
    }

    @Test
    public void namesTheLicenceOfEachPartThatIsNotUnderApachesAlone() throws Exception {
        List<Stanza> stanzas = stanzas();
        List<String> missing = new ArrayList<>();
        JsonNode parts = new ObjectMapper().readTree(fromArchive("-xzO", "*/sbom.cdx.json"));
        for (JsonNode part : parts.get("components")) {
            String license = license(part);
            if (license.startsWith("licenses/debian/") || isFree(license, Set.of("apache-2.0"))) {
                continue; // the first are in what machines boot, see below
            }
            for (JsonNode occurrence : part.at("/evidence/occurrences")) {
                String file = occurrence.get("location").asText();
                if (stanzas.stream().noneMatch(each -> each.isOf(file) && isFree(license, each.licenses))) {
                    missing.add(license + ": " + part.get("name").asText() + " in " + file);
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    public void namesTheLicenceOfEachFileThatMachinesBoot() throws Exception {
        List<Stanza> stanzas = stanzas();
        List<String> booted = fromArchive("-tz", "*/boot/*")
                .lines()
                .map(file -> file.substring(file.indexOf('/') + 1))
                .filter(file -> file.matches("boot/(idle|tftp)/.*[^/]") && !file.endsWith(".cfg"))
                .toList();
        assertFalse(booted.isEmpty());
        assertEquals(
                List.of(),
                booted.stream()
                        .filter(file -> stanzas.stream().noneMatch(each -> each.isOf(file)))
                        .toList());
    }

    private static String license(JsonNode part) {
        JsonNode license = part.at("/licenses/0");
        return license.path("expression")
                .asText(license.at("/license/id")
                        .asText(license.at("/license/name").asText()));
    }

    /** Whether these licences are all that an SPDX expression asks for: one of each of its choices. */
    private static boolean isFree(String expression, Set<String> licenses) {
        return Arrays.stream(expression.split(" AND "))
                .allMatch(choices -> Arrays.stream(choices.split(" OR "))
                        .map(id -> id.replaceFirst(" WITH .*", "")
                                .replace("GPL-2.0-only", "GPL-2")
                                .toLowerCase(Locale.ROOT))
                        .anyMatch(licenses::contains));
    }

    /** All but the first, which is of what is our own. */
    private static List<Stanza> stanzas() throws Exception {
        List<Stanza> stanzas = new ArrayList<>();
        for (String text : Files.readString(Path.of("package/copyright")).split("\n\n")) {
            String files = field(text, "Files");
            if (!files.isEmpty() && !files.equals("*")) {
                stanzas.add(new Stanza(
                        Arrays.stream(files.split("\\s+"))
                                .map(glob -> Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q")))
                                .toList(),
                        Arrays.stream(field(text, "License").split(" (and|or) "))
                                .map(id -> id.toLowerCase(Locale.ROOT))
                                .collect(Collectors.toSet())));
            }
        }
        assertFalse(stanzas.isEmpty());
        return stanzas;
    }

    private static String field(String stanza, String name) {
        return stanza.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    private static String fromArchive(String what, String names) throws Exception {
        Process tar = new ProcessBuilder("tar", what + "f", System.getProperty("distribution"), "--wildcards", names)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tar.waitFor());
        return output;
    }
}
