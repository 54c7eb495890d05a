package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.health.HealthResult;

public class KeptFeaturesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final OneKaraf karaf = new OneKaraf("site/1", "other/1", "a-kar/1", "renewed/1", "renewed/2");
    private final Losses losses = new Losses("10.0.0.1");
    private final Queue<Runnable> later = new ArrayDeque<>();

    @Before
    public void start() throws Exception {
        karaf.listener = kept();
        karaf.listener.begin();
    }

    @Test
    public void isKeptUntilItIsUninstalled() throws Exception {
        karaf.install("site/1");
        assertEquals(List.of("site/1"), written());
        karaf.uninstall("site/1", false);
        assertEquals(List.of(), written());
        assertWorkDone();
        assertEquals(List.of(), karaf.required());
    }

    @Test
    public void staysUninstalledWhileAnotherFeatureNeedsIt() throws Exception {
        karaf.install("site/1");
        karaf.uninstall("site/1", true);
        assertWorkDone();
        assertEquals(List.of(), written());
        assertEquals(List.of(), karaf.required());
    }

    @Test
    public void whatAnotherInstallationOverwritesIsInstalledAgain() throws Exception {
        karaf.overwriteNext(1);
        karaf.install("site/1");
        assertTrue("stays written", written().contains("site/1"));
        assertEquals("overwritten", List.of("a-kar/1"), karaf.required());
        assertWorkDone();
        assertEquals(List.of("a-kar/1", "site/1"), karaf.required());
        assertHealth(HealthResult.Status.OK);
    }

    @Test
    public void whatIsBroughtBackAndOverwrittenIsTriedAgain() throws Exception {
        write("site/1");
        karaf.overwriteNext(RequiredFeatures.TRIES - 1);
        karaf.listener.bringBack();
        assertWorkDone();
        assertTrue(karaf.required().toString(), karaf.required().contains("site/1"));
        assertHealth(HealthResult.Status.OK);
    }

    @Test
    public void whatIsOverwrittenEachTimeIsNamedAndStaysWritten() throws Exception {
        write("site/1");
        karaf.overwriteNext(Integer.MAX_VALUE);
        karaf.listener.bringBack();
        assertWorkDone();
        assertTrue(
                losses.execute().message(), losses.execute().message().contains("the feature site/1: Karaf forgot it"));
        assertTrue(written().contains("site/1"));
    }

    @Test
    public void whatNoRepositoryHasIsLostUntilSomebodyInstallsIt() throws Exception {
        write("gone/1", "other/1");
        karaf.listener.bringBack();
        assertEquals("the rest comes back", List.of("other/1"), karaf.required());
        assertEquals(List.of("gone/1", "other/1"), written());
        assertHealth(HealthResult.Status.WARN);
        karaf.offer("gone/1");
        karaf.install("gone/1");
        assertHealth(HealthResult.Status.OK);
    }

    @Test
    public void theNewestTakesThePlaceOfOneThatIsNoMore() throws Exception {
        write("renewed/0");
        karaf.listener.bringBack();
        assertEquals(List.of("renewed/2"), karaf.required());
        assertEquals(List.of("renewed/2"), written());
    }

    private KeptFeatures kept() throws IOException {
        Path data = folder.getRoot().toPath();
        FromTheArchive archive = new FromTheArchive(Set.of(), Set.of());
        Deployed deployed = new Deployed(null, data, data.resolve("kar"), losses);
        return new KeptFeatures(karaf.service(), data.resolve("by-hand"), archive, deployed, losses, later::add);
    }

    private void assertWorkDone() {
        for (int tasks = 0; !later.isEmpty(); tasks++) {
            assertTrue("it ends", tasks < 100);
            later.remove().run();
        }
    }

    private void assertHealth(HealthResult.Status status) {
        assertEquals(losses.execute().message(), status, losses.execute().status());
    }

    private void write(String... lines) throws IOException {
        Files.createDirectories(file().getParent());
        Files.write(file(), List.of(lines));
    }

    private List<String> written() throws IOException {
        return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    }

    private Path file() {
        return folder.getRoot().toPath().resolve("by-hand/features");
    }
}
