package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;
import org.qrm.api.QrmException;

/** docs/architecture.md says of each interface that plug-ins implement who calls it, and names the tests that hurt one. */
public class SpiTableTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern WORD = Pattern.compile("`([A-Za-z]+)`");

    @Test
    public void eachInterfaceHasALineWithTestsThatAreThere() throws IOException {
        Set<String> named = new TreeSet<>();
        Set<String> tests = tests();
        for (String[] cells : rows()) {
            assertEquals(String.join("|", cells), 9, cells.length);
            named.addAll(words(cells[1]));
            List<String> proofs = words(cells[8]);
            assertFalse(cells[1], proofs.isEmpty());
            assertTrue(cells[1] + " names " + proofs, tests.containsAll(proofs));
        }
        assertEquals(implementedByPlugins(), named);
    }

    private static List<String[]> rows() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));
        String table = page.substring(page.indexOf("| SPI | who calls it"));
        List<String[]> rows = new ArrayList<>();
        table.substring(0, table.indexOf("\n\n")).lines().skip(2).forEach(row -> rows.add(row.split("\\|")));
        assertFalse(rows.isEmpty());
        return rows;
    }

    private static List<String> words(String cell) {
        return WORD.matcher(cell)
                .results()
                .map((MatchResult word) -> word.group(1))
                .toList();
    }

    private static Set<String> tests() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : List.of("framework", "karaf-assembly")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.map(Path::toString)
                        .filter(file -> file.contains("src/test/java") && file.endsWith(".java"))
                        .forEach(file -> names.add(file.substring(file.lastIndexOf('/') + 1, file.length() - 5)));
            }
        }
        return names;
    }

    private static Set<String> implementedByPlugins() {
        return new ClassFileImporter()
                .importPackages(QrmException.class.getPackageName()).stream()
                        .filter(type -> type.isAnnotatedWith("org.osgi.annotation.versioning.ConsumerType"))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}
