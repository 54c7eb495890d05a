package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** The manual pages of the archive. */
public class ManualPagesTest {

    private static final Path BESIDE = Path.of("src/main/distribution");
    private static final Path OF_THE_SERVER = Path.of("../../karaf-assembly/distribution/src/main/resources");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path qrm;

    @Before
    public void make() throws IOException {
        MadeAtBuild.write(folder.getRoot().toPath(), "1", "2026-01-31");
        qrm = folder.getRoot().toPath().resolve("share/man/man1/qrm.1");
    }

    @Test
    public void everyVerbHasItsPartWithAllOfItsOptions() throws IOException {
        CommandLine line = CommandLineOfQrm.whole(new Session.Place(System.out, System.err, null, Map.of(), null));
        Map<String, CommandLine> nouns = line.getSubcommands();
        assertTrue(nouns.containsKey("resource"));
        String page = Files.readString(qrm).replace("\\-", "-");
        nouns.values()
                .forEach(noun -> noun.getSubcommands().forEach((word, verb) -> {
                    String title = ".SS \"qrm " + noun.getCommandName() + " " + verb.getCommandName();
                    Matcher start =
                            Pattern.compile(Pattern.quote(title) + "[ ,\"]").matcher(page);
                    assertTrue(title, start.find());
                    String part = page.substring(start.start(), page.indexOf("\n.S", start.end()));
                    verb.getCommandSpec().options().stream()
                            .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
                            .forEach(option -> assertTrue(part, part.contains(option.longestName())));
                }));
        assertFalse(page, page.contains("${"));
    }

    @Test
    public void theTableOfThePageNamesEveryNounAndItsVerbs() throws IOException {
        String page = Files.readString(Path.of("../../docs/cli.md"));
        CommandLine line = CommandLineOfQrm.whole(new Session.Place(System.out, System.err, null, Map.of(), null));
        for (CommandLine noun : Set.copyOf(line.getSubcommands().values())) {
            Set<String> verbs = new TreeSet<>(noun.getCommandSpec().subcommands().values().stream()
                    .map(CommandLine::getCommandName)
                    .toList());
            if (verbs.isEmpty()) {
                continue;
            }
            Matcher row = Pattern.compile("(?m)^\\| `" + noun.getCommandName() + "`.*? \\| (.*)$")
                    .matcher(page);
            assertTrue("docs/cli.md has a row for " + noun.getCommandName(), row.find());
            Matcher words = Pattern.compile("`([^`]*)`").matcher(row.group(1));
            assertTrue(row.group(), words.find());
            assertEquals(
                    noun.getCommandName(),
                    verbs,
                    new TreeSet<>(List.of(words.group(1).split(" "))));
        }
    }

    @Test
    public void thePagesOfTheScriptsTellWhatTheScriptsTell() throws IOException {
        for (String script : List.of("qrm-plugin", "qrm-configurator")) {
            assertTells(
                    BESIDE.resolve("share/man/man1/" + script + ".1"), BESIDE.resolve("bin/" + script), "\\[(-[a-z]) ");
        }
        assertTells(
                OF_THE_SERVER.resolve("share/man/man8/qrm-server.8"),
                OF_THE_SERVER.resolve("bin/qrm-server"),
                "(QRM_[A-Z_]+[A-Z])\\b");
    }

    @Test
    public void readersOfManualPagesFindNoFault() throws Exception {
        assumeTrue("mandoc is not installed", !run("command -v mandoc").isEmpty());
        for (Path page : List.of(
                qrm,
                BESIDE.resolve("share/man/man1/qrm-plugin.1"),
                BESIDE.resolve("share/man/man1/qrm-configurator.1"),
                OF_THE_SERVER.resolve("share/man/man8/qrm-server.8"),
                OF_THE_SERVER.resolve("share/man/man8/qrm-initrd.8"))) {
            assertEquals("", run("mandoc -Tlint -W warning '" + page + "'"));
            assertEquals("", run("groff -man -ww -z -Tutf8 '" + page + "'"));
        }
    }

    private static void assertTells(Path page, Path script, String what) throws IOException {
        String told = Files.readString(page).replace("\\-", "-");
        Matcher words = Pattern.compile(what).matcher(Files.readString(script));
        int found = 0;
        while (words.find()) {
            found++;
            assertTrue(page + " tells of " + words.group(1), told.contains(words.group(1)));
        }
        assertTrue(script + " tells something", found > 0);
    }

    /** What a command says, whichever way it ends. */
    private static String run(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
