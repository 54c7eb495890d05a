package org.qrm.core.pluginfile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.qrm.api.health.HealthResult;
import org.qrm.core.Eventually;
import org.qrm.core.pluginfile.FolderBundles.Times;
import org.qrm.core.pluginfile.hurting.Hurting;

/** In a framework as the server has it. */
public class FolderBundlesTest {

    private static final Times TIMES = new Times(
            Duration.ofMillis(20),
            Duration.ofMillis(300),
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofSeconds(10));

    /** What does not come back, and whether an interrupt ends it. */
    private static final Map<String, Boolean> BLOCKING =
            Map.of("sleeps", true, "is deaf", false, "loops", false, "waits for a lock", false, "initialises", false);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path data;
    private Framework framework;
    private FolderBundles bundles;
    private int versions;

    @Before
    public void begin() throws Exception {
        data = folder.getRoot().toPath().toRealPath();
        Files.createDirectories(data.resolve("deploy"));
        launch();
    }

    private void launch() throws Exception {
        framework = new org.apache.felix.framework.Felix(
                Map.of("org.osgi.framework.storage", data.resolve("cache").toString(), "felix.log.level", "0"));
        framework.start();
        watch();
    }

    /** Ends as the core does: when the framework begins to stop. */
    private void watch() {
        FolderBundles made = new FolderBundles(context(), data, TIMES);
        context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
                made.close();
            }
        });
        made.start();
        bundles = made;
    }

    @After
    public void end() throws Exception {
        System.setProperty(Hurting.END, "now");
        try {
            framework.stop();
            assertEquals(FrameworkEvent.STOPPED, framework.waitForStop(60_000).getType());
        } finally {
            System.clearProperty(Hurting.END);
        }
    }

    @Test
    public void whatBlocksInItsStartHoldsUpNobody() throws Exception {
        for (String way : BLOCKING.keySet()) {
            String name = way.replace(' ', '-') + ".jar";
            drop(name, hurting(way, "fine"));
            eventually(way, () -> bundle(name) != null && !trouble(name).isEmpty());
            theOthersComeAndGo(way);
            assertFalse(way, isUp(name));
            assertTrue(trouble(name), trouble(name).contains("its start has not returned for"));
            assertTrue(trouble(name), trouble(name).contains("hurting."));

            drop(name, hurting("fine", "fine"));
            eventually("a good one takes its place after it " + way, () -> isUp(name));
            isLeftBehind(name, way);
            remove(name);
            eventually("it goes", () -> bundle(name) == null);
            assertFalse("the good one goes, whatever was before", bundles.stays(file(name)));
        }
    }

    @Test
    public void whatBlocksInItsStopHoldsUpNobody() throws Exception {
        for (String way : BLOCKING.keySet()) {
            String name = way.replace(' ', '-') + ".jar";
            drop(name, hurting("fine", way));
            eventually(way, () -> isUp(name));
            drop(name, hurting("fine", way));
            theOthersComeAndGo(way);
            eventually("another takes its place while it " + way, () -> isUp(name));
            remove(name);
            theOthersComeAndGo(way);
            eventually(way, () -> bundle(name) == null);
            isLeftBehind(name, way);
        }
    }

    @Test
    public void whatThrowsIsToldAndTriedAgainWhenSomethingComes() throws Exception {
        for (String way : List.of("throws", "overflows")) {
            drop("hurt.jar", hurting(way, way));
            eventually(way, () -> bundle("hurt.jar") != null && bundles.hasFailed(bundle("hurt.jar")));
            String expected = way.equals("throws") ? "no licence for it" : "StackOverflowError";
            assertTrue(trouble("hurt.jar"), trouble("hurt.jar").contains(expected));
            theOthersComeAndGo(way);
            remove("hurt.jar");
            eventually(way, () -> bundle("hurt.jar") == null);
            assertFalse(way, hasLeftBehind("hurt.jar"));
        }
        drop("user.jar", Jar.named("user").with("Import-Package", "a.library").bytes());
        eventually("it fails", () -> bundle("user.jar") != null && bundles.hasFailed(bundle("user.jar")));
        drop(
                "library.jar",
                Jar.named("library").with("Export-Package", "a.library").bytes());
        eventually("what it lacked is there", () -> isUp("user.jar"));
    }

    @Test
    public void whatLeavesAThreadComesAndGoes() throws Exception {
        drop("hurt.jar", hurting("leaves a thread", "leaves a thread"));
        eventually("it comes", () -> isUp("hurt.jar"));
        remove("hurt.jar");
        eventually("it goes", () -> bundle("hurt.jar") == null);
        assertFalse(hasLeftBehind("hurt.jar"));
    }

    @Test
    public void noMoreAreStartedThanCanBeStuck() throws Exception {
        for (int number = 0; number < Aside.MOST; number++) {
            drop("deaf" + number + ".jar", hurting("is deaf", "fine"));
        }
        eventually("all hang", () -> hangs("deaf15.jar"));
        drop("one-more.jar", hurting("is deaf", "fine"));
        eventually("it is not started", () -> trouble("one-more.jar").contains("have not returned"));
    }

    @Test
    public void aServerStopsAndStartsWithWhatBlocks() throws Exception {
        drop("sleeps.jar", hurting("sleeps", "fine"));
        drop("stop.jar", hurting("fine", "sleeps"));
        drop("good.jar", hurting("fine", "fine"));
        eventually("they come", () -> isUp("stop.jar") && isUp("good.jar") && bundle("sleeps.jar") != null);
        restart();
        eventually("they come again", () -> isUp("stop.jar") && isUp("good.jar"));
        eventually("this one, too", () -> hangs("sleeps.jar"));
    }

    @Test
    public void isReadyWhenEachHadItsTurn() throws Exception {
        drop("sleeps.jar", hurting("sleeps", "fine"));
        drop("zzz.jar", hurting("fine", "fine"));
        eventually("they are taken up", () -> hangs("sleeps.jar") && isUp("zzz.jar"));
        restart();
        eventually("it is ready", () -> bundles.execute().status() == HealthResult.Status.OK);
        assertTrue("then each has had its turn", isUp("zzz.jar"));
    }

    @Test
    public void theFrameworkStartsNoneByItself() throws Exception {
        drop("good.jar", hurting("fine", "fine"));
        eventually("it comes", () -> isUp("good.jar"));
        assertFalse(bundle("good.jar").adapt(BundleStartLevel.class).isPersistentlyStarted());
    }

    @Test
    public void whatCameBesideOneThatHangsTakesItsPlaceAtTheNextStart() throws Exception {
        drop("hurt.jar", hurting("is deaf", "fine"));
        eventually("it hangs", () -> hangs("hurt.jar"));
        drop("hurt.jar", hurting("fine", "fine"));
        eventually("a good one", () -> isUp("hurt.jar"));
        System.setProperty(Hurting.END, "now");
        restart();
        eventually("it is there", () -> isUp("hurt.jar"));
        eventually(
                "once",
                () -> Arrays.stream(context().getBundles())
                                .filter(each -> each.getLocation().contains("hurt.jar"))
                                .count()
                        == 1);
        System.clearProperty(Hurting.END);
    }

    @Test
    public void whatWasStoppedByHandStaysStopped() throws Exception {
        drop("good.jar", hurting("fine", "fine"));
        eventually("it comes", () -> isUp("good.jar"));
        bundle("good.jar").stop();
        drop("other.jar", hurting("fine", "fine"));
        eventually("another comes", () -> isUp("other.jar"));
        drop("good.jar", hurting("fine", "fine"));
        eventually("it is updated", () -> bundle("good.jar").getVersion().getMajor() == versions);
        theOthersComeAndGo("stopped");
        assertFalse(isUp("good.jar"));

        Files.createDirectories(data.resolve("by-hand"));
        Files.writeString(data.resolve("by-hand/stopped"), bundle("good.jar").getSymbolicName() + "\n");
        restart();
        theOthersComeAndGo("after a restart");
        assertFalse(isUp("good.jar"));
        bundles.want(bundle("good.jar"));
        eventually("somebody wants it", () -> isUp("good.jar"));
    }

    @Test
    public void whatWasUninstalledByHandComesBackWithItsFileOnly() throws Exception {
        drop("good.jar", hurting("fine", "fine"));
        eventually("it comes", () -> isUp("good.jar"));
        bundle("good.jar").uninstall();
        theOthersComeAndGo("uninstalled");
        assertNull(bundle("good.jar"));
        Files.setLastModifiedTime(file("good.jar"), FileTime.fromMillis(1_000_000_000_000L));
        eventually("it is put there again", () -> isUp("good.jar"));
    }

    @Test
    public void whatIsNoBundleIsTold() throws Exception {
        Map<String, byte[]> kinds = Map.of(
                "it is no bundle", Jar.nameless().bytes(), "zip", "no archive".getBytes(), "unique", sameAsAnother());
        for (Map.Entry<String, byte[]> kind : kinds.entrySet()) {
            drop("bad.jar", kind.getValue());
            eventually(kind.getKey(), () -> refusal().contains(kind.getKey()));
            assertNull(bundle("bad.jar"));
            drop("bad.jar", hurting("fine", "fine"));
            eventually("a good one of that name", () -> isUp("bad.jar"));
            assertEquals("", refusal());
            remove("bad.jar");
            eventually("it goes", () -> bundle("bad.jar") == null);
        }
    }

    /** Two installations from one address wait for each other. */
    @Test
    public void whatTheFrameworkTakesLongToInstallComesAllTheSame() throws Exception {
        byte[] jar = hurting("fine", "fine");
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(jar)) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                reads.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException ended) {
                    throw new IOException(ended);
                }
                return super.read(bytes, offset, length);
            }
        };
        String location = file("bad.jar").toUri().toURL().toString().replaceFirst("^file:///", "file:/");
        FutureTask<Bundle> other = new FutureTask<>(() -> context().installBundle(location, slow));
        new Thread(other, "somebody-else-installs").start();
        reads.await();
        drop("bad.jar", jar);
        eventually("it is told", () -> refusal().contains("has not ended it"));
        theOthersComeAndGo("is being installed");
        assertNull(bundle("bad.jar"));
        goOn.countDown();
        eventually("it comes", () -> isUp("bad.jar"));
        assertEquals("", refusal());
    }

    private String refusal() {
        return bundles.refusal(file("bad.jar")).orElse("");
    }

    private byte[] sameAsAnother() throws Exception {
        byte[] jar = hurting("fine", "fine");
        drop("first.jar", jar);
        eventually("it comes", () -> isUp("first.jar"));
        return jar;
    }

    @Test
    public void whatUsesPackagesOfAnotherIsThereAgainAfterItsUpdate() throws Exception {
        Jar library = Jar.named("library").with("Export-Package", "a.library");
        drop("library.jar", library.bytes());
        drop("user.jar", Jar.named("user").with("Import-Package", "a.library").bytes());
        eventually("they come", () -> isUp("library.jar") && isUp("user.jar"));
        drop("library.jar", library.with("Bundle-Version", "2").bytes());
        eventually("it is updated", () -> bundle("library.jar").getVersion().getMajor() == 2 && isUp("library.jar"));
        eventually("both are there", () -> isUp("user.jar"));
    }

    /** Unless it hears an interrupt, however late. */
    private void isLeftBehind(String name, String way) {
        eventually(way, () -> hasLeftBehind(name) != BLOCKING.get(way));
    }

    private boolean hasLeftBehind(String name) {
        return Arrays.stream(context().getBundles())
                .anyMatch(each -> each.getLocation().contains(name) && bundles.isLeftBehind(each));
    }

    private void theOthersComeAndGo(String when) throws Exception {
        drop("other.jar", hurting("fine", "fine"));
        eventually("another comes though one " + when, () -> isUp("other.jar"));
        remove("other.jar");
        eventually("it goes though one " + when, () -> bundle("other.jar") == null);
    }

    private static void eventually(String what, BooleanSupplier condition) {
        Eventually.eventually(() -> what, condition);
    }

    private void restart() throws Exception {
        framework.stop();
        assertEquals(
                "the framework stops",
                FrameworkEvent.STOPPED,
                framework.waitForStop(60_000).getType());
        launch();
    }

    /** Each has another version, as an update has. */
    private byte[] hurting(String start, String stop) throws Exception {
        versions++;
        return Jar.named("hurting" + versions)
                .with("Bundle-Version", String.valueOf(versions))
                .with("Bundle-Activator", Hurting.class.getName())
                .with("Import-Package", "org.osgi.framework")
                .with("Test-Start", start)
                .with("Test-Stop", stop)
                .having(Hurting.class)
                .having(Class.forName(
                        "org.qrm.core.pluginfile.hurting.Initialiser",
                        false,
                        getClass().getClassLoader()))
                .bytes();
    }

    private void drop(String name, byte[] jar) throws IOException {
        Path made = Files.write(data.resolve("arriving"), jar);
        // two of them may come within the same millisecond
        Files.setLastModifiedTime(made, FileTime.fromMillis(1_500_000_000_000L + 1000L * versions));
        Files.move(made, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void remove(String name) throws IOException {
        Files.delete(file(name));
    }

    private Path file(String name) {
        return data.resolve("deploy").resolve(name);
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }

    private Bundle bundle(String name) {
        return bundles.bundle(file(name));
    }

    private boolean isUp(String name) {
        return Optional.ofNullable(bundle(name)).map(Bundle::getState).orElse(0) == Bundle.ACTIVE;
    }

    private boolean hangs(String name) {
        return bundle(name) != null && bundles.hangs(bundle(name), Duration.ZERO);
    }

    private String trouble(String name) {
        return Optional.ofNullable(bundle(name)).map(bundles::trouble).orElse("");
    }
}
