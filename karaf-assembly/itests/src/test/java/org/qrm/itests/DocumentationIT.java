package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the documentation tells people to type works as it is written, and says what the page shows. */
public class DocumentationIT {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** How many blocks of a page are not run; each says why in the page. */
    private static final Map<String, Integer> FOLLOWED = Map.of(
            "README.md", 1,
            "CONTRIBUTING.md", 2,
            "docs/cli.md", 4,
            "docs/first-hour.md", 0,
            "docs/operations.md", 1,
            "docs/subscriptions.md", 0,
            "docs/writing-plugins.md", 0);

    /** Pages whose commands nobody has followed yet. */
    private static final Set<String> TO_BE_FOLLOWED = Set.of(
            "docs/architecture.md",
            "docs/building.md",
            "docs/console.md",
            "docs/dnsmasq.md",
            "docs/exec.md",
            "docs/healing.md",
            "docs/installing.md",
            "docs/ipmi.md",
            "docs/life-cycles.md",
            "docs/metrics.md",
            "docs/nfs.md",
            "docs/node-protocol.md",
            "docs/node.md",
            "docs/partitions.md",
            "docs/performance.md",
            "docs/plugins-and-storage.md",
            "docs/power.md",
            "docs/rack.md",
            "docs/redfish.md",
            "docs/rest.md",
            "docs/security.md",
            "docs/server.md",
            "docs/simulator.md",
            "docs/wake-on-lan.md",
            "docs/webhook-power.md",
            "docs/xen-host.md",
            "docs/xen.md");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void hasANetwork() throws Exception {
        hasANetworkOfItsOwn();
    }

    static void hasANetworkOfItsOwn() throws Exception {
        assumeTrue(
                "the commands of the documentation need root for a network of their own",
                new ProcessBuilder("unshare", "--net", "--pid", "--fork", "--mount-proc", "true")
                                .start()
                                .waitFor()
                        == 0);
    }

    @Test
    public void theFirstHourGoesAsItIsTold() throws Exception {
        try (ReaderOfDocumentation reader =
                new ReaderOfDocumentation(folder.getRoot().toPath())) {
            Files.createSymbolicLink(
                    reader.home().resolve("qrm-1.tar.gz"), Path.of(System.getProperty("distribution")));
            follow(reader, "docs/first-hour.md");
        }
    }

    @Test
    public void theCommandLineDoesWhatItsPageSays() throws Exception {
        try (ReaderOfDocumentation reader =
                new ReaderOfDocumentation(folder.getRoot().toPath())) {
            withAServer(reader);
            reader.has(
                    "ssh",
                    "exec sshpass -e /usr/bin/ssh -o StrictHostKeyChecking=no"
                            + " -o UserKnownHostsFile=\"$HOME/known-hosts\" -p \"$2\" \"${3%SERVER}127.0.0.1\" \"$4 $5 $6 $7\"");
            follow(reader, "docs/cli.md");
        }
    }

    @Test
    public void aBundleIsReplacedInARunningServerAsContributorsAreTold() throws Exception {
        try (ReaderOfDocumentation reader =
                new ReaderOfDocumentation(folder.getRoot().toPath())) {
            Path archive = Path.of(System.getProperty("distribution"));
            Files.createSymbolicLink(
                    Files.createDirectories(reader.home().resolve("karaf-assembly/distribution/target"))
                            .resolve(archive.getFileName()),
                    archive);
            Files.createSymbolicLink(reader.home().resolve("framework"), ROOT.resolve("framework"));
            reader.has(
                    "ssh",
                    "exec sshpass -e /usr/bin/ssh -o StrictHostKeyChecking=no"
                            + " -o UserKnownHostsFile=\"$HOME/known-hosts\" \"$@\"");
            reader.run("export SSHPASS='a password of mine'");
            follow(reader, "CONTRIBUTING.md");
        }
    }

    @Test
    public void whoeverWantsToBeToldOfEventsIs() throws Exception {
        try (ReaderOfDocumentation reader =
                new ReaderOfDocumentation(folder.getRoot().toPath())) {
            withAServer(reader);
            String page = Files.readString(ROOT.resolve("docs/subscriptions.md"));
            String program = page.split("```python\n")[1].split("```")[0];
            Files.writeString(reader.home().resolve("receiver.py"), program);
            follow(reader, "docs/subscriptions.md");
        }
    }

    @Test
    public void everyBlockThatIsNotRunSaysWhyAndIsCounted() throws IOException {
        for (Map.Entry<String, Integer> page : FOLLOWED.entrySet()) {
            List<String> notRun =
                    DocumentedCommands.of(ROOT.resolve(page.getKey())).notRun();
            assertEquals(page.getKey() + notRun, (int) page.getValue(), notRun.size());
        }
        // what this page has, ./verify and ./demo, is what runs this test, and what a test of its own runs
        assertEquals(
                List.of(),
                DocumentedCommands.of(ROOT.resolve("README.md")).steps().stream()
                        .map(DocumentedCommands.Step::command)
                        .toList());
    }

    @Test
    public void everyPageIsFollowedOrNamedAsOneThatIsNot() throws IOException {
        Set<String> known = new TreeSet<>(TO_BE_FOLLOWED);
        known.addAll(FOLLOWED.keySet());
        known.add("docs/releasing.md"); // .ci/test-release runs it
        known.add("docs/reference.md"); // ReferenceTest writes it
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            Set<String> there = pages.map(page -> "docs/" + page.getFileName())
                    .filter(page -> page.endsWith(".md"))
                    .collect(Collectors.toCollection(TreeSet::new));
            there.removeAll(known);
            assertEquals("pages that are neither", Set.of(), there);
        }
    }

    /** A server that runs, as {@code QRM} with its data in {@code QRM_DATA}, and its programs on the path. */
    static void withAServer(ReaderOfDocumentation reader) throws Exception {
        Path home = UnpackedDistribution.home();
        Files.createSymbolicLink(reader.home().resolve("QRM"), home);
        reader.run("export QRM_DATA=$HOME/QRM_DATA QRM_JAVA_OPTS='-XX:TieredStopAtLevel=1 -Xshare:auto' PATH=" + home
                + "/bin:$PATH");
        reader.run("qrm-server start");
        assertTrue(Files.exists(reader.home().resolve("QRM_DATA/initial-password")));
        reader.run("echo 'words of the reader' | qrm user password admin");
        reader.run("export QRM_PASSWORD='words of the reader' SSHPASS='words of the reader'");
    }

    static void follow(ReaderOfDocumentation reader, String page) throws Exception {
        List<DocumentedCommands.Step> steps =
                DocumentedCommands.of(ROOT.resolve(page)).steps();
        assertFalse(page + " has commands", steps.isEmpty());
        for (DocumentedCommands.Step step : steps) {
            reader.follow(page, step);
        }
    }
}
