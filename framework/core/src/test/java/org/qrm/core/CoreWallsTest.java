package org.qrm.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Test;

/** The walls inside the core are those that docs/architecture.md draws. */
public class CoreWallsTest {

    private static final String ROOT = CoreWallsTest.class.getPackageName();
    private static final Path DRAWN = Path.of("../../docs/architecture.md");
    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]*`) \\| (`[^|]*`) \\|$", Pattern.MULTILINE);
    private static final Path SOURCES = Path.of("src/main/java/org/qrm/core");
    private static final Path SCRIPTS = Path.of("src/main/resources/org/qrm/core/store");
    private static final Pattern TABLE = Pattern.compile("^create table ([a-z_]+)", Pattern.MULTILINE);
    private static final Pattern WRITING = Pattern.compile("\"(?:insert into|update|delete from) ([a-z_]+)");
    private static final Pattern WORD = Pattern.compile("`([a-z]+)`");

    private static JavaClasses core;

    @BeforeClass
    public static void readTheClasses() {
        core = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    public void eachPackageUsesThoseThatAreDrawn() throws IOException {
        assertEquals(lines(drawn()), lines(uses()));
    }

    @Test
    public void noPackagesGoInACircle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(core);
    }

    @Test
    public void whatDiffersBetweenDatabasesIsInTheirDialects() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.store\\.(Derby|Postgres)(\\$.*)?|.*\\.backup\\.PostgresPrograms")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.derby..", "org.postgresql..")
                .check(core);
    }

    @Test
    public void eachTableIsWrittenByOnePackage() throws IOException {
        SortedMap<String, SortedSet<String>> writers = new TreeMap<>();
        for (Path script : files(SCRIPTS, ".sql")) {
            TABLE.matcher(Files.readString(script))
                    .results()
                    .forEach(table -> writers.put(table.group(1), new TreeSet<>()));
        }
        for (Path source : files(SOURCES, ".java")) {
            String owner = source.getParent().getFileName().toString();
            WRITING.matcher(Files.readString(source))
                    .results()
                    .filter(write -> writers.containsKey(write.group(1)))
                    .forEach(write -> writers.get(write.group(1)).add(owner));
        }
        assertFalse("there are tables", writers.isEmpty());
        writers.forEach((table, packages) -> assertEquals(table + " is written by " + packages, 1, packages.size()));
    }

    private static List<Path> files(Path below, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    /** By package; what wires all the others is left out. */
    private static SortedMap<String, SortedSet<String>> uses() {
        SortedMap<String, SortedSet<String>> uses = new TreeMap<>();
        for (JavaClass from : core) {
            from.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .forEach(to -> add(uses, from, to));
        }
        return uses;
    }

    private static void add(Map<String, SortedSet<String>> uses, JavaClass from, JavaClass to) {
        String user = inside(from);
        String used = inside(to);
        if (!user.isEmpty() && !user.equals("component") && !used.isEmpty() && !used.equals(user)) {
            uses.computeIfAbsent(user, name -> new TreeSet<>()).add(used);
        }
    }

    private static String inside(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : "";
    }

    private static SortedMap<String, SortedSet<String>> drawn() throws IOException {
        String page = Files.readString(DRAWN);
        String table = page.substring(page.indexOf("| package | uses |"));
        table = table.substring(0, table.indexOf("\n\n"));
        SortedMap<String, SortedSet<String>> drawn = new TreeMap<>();
        Matcher row = ROW.matcher(table);
        while (row.find()) {
            for (String name : words(row.group(1))) {
                drawn.put(name, words(row.group(2)));
            }
        }
        assertFalse("docs/architecture.md draws nothing", drawn.isEmpty());
        return drawn;
    }

    private static SortedSet<String> words(String cell) {
        SortedSet<String> words = new TreeSet<>();
        WORD.matcher(cell).results().forEach(word -> words.add(word.group(1)));
        return words;
    }

    private static String lines(SortedMap<String, SortedSet<String>> uses) {
        StringBuilder text = new StringBuilder();
        uses.forEach(
                (name, used) -> text.append(name).append(" uses ").append(used).append('\n'));
        return text.toString();
    }
}
