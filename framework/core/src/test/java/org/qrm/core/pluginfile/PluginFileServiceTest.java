package org.qrm.core.pluginfile;

import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.PluginDescription;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.PluginFileState;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;
import org.qrm.core.Race;

public class PluginFileServiceTest {

    private static final long LIMIT = 1024 * 1024;

    private static final String SOME = "0".repeat(64);

    @Rule
    public final TemporaryFolder data = new TemporaryFolder();

    private final FakeBundles bundles = new FakeBundles();
    private final Map<String, PluginState> states = new HashMap<>();
    private PluginFileService files;

    @Before
    public void start() {
        files = service(new TrustedSigners(trusted(), Clock.systemUTC()));
    }

    private PluginFileService service(TrustedSigners signers) {
        PluginFolder folder =
                new PluginFolder(deploy(), arriving(), deploy().resolveSibling("deploy-uninstalled"), LIMIT);
        return new PluginFileService(folder, signers, new ReleasedFiles(home()), bundles, plugins());
    }

    private Path home() {
        return deploy().resolveSibling("home");
    }

    private Path trusted() {
        return deploy().resolveSibling("trusted");
    }

    @Test
    public void takesTheFileThatWasMeantAndNoOther() throws Exception {
        byte[] jar = Jar.named("org.example.power").bytes();
        String digest = digest(jar);
        for (String wrong : List.of("0".repeat(64), "", "abc", digest + "0")) {
            assertRefused(Problem.Kind.INVALID, "", () -> files.add("power.jar", stream(jar), wrong, Expected.any()));
        }
        assertNothingIsOnItsWay();
        assertEquals(List.of(), files.list());
        files.add("power.jar", stream(jar), digest.toUpperCase(Locale.ROOT), Expected.any());
        assertEquals(digest, files.list().get(0).sha256());
    }

    @Test
    public void takesNoFileThatNobodyVouchesFor() throws Exception {
        byte[] jar = Jar.named("org.example.power").bytes();
        QrmException refused = assertRefused(
                Problem.Kind.INVALID, "comes without its digest", () -> files.add("power.jar", stream(jar)));
        assertEquals("sha256", refused.problem().subject());
        String remedy = refused.problem().remedy();
        assertTrue(remedy, remedy.contains(digest(jar)));
        Files.createDirectory(trusted());
        assertRefused(Problem.Kind.INVALID, "comes without its digest", () -> files.add("power.jar", stream(jar)));
        assertNothingIsOnItsWay();
        assertEquals(List.of(), files.list());
    }

    @Test
    public void takesWhatTheReleaseBringsWhoeverIsTrusted() throws Exception {
        Files.createDirectory(trusted());
        Files.writeString(trusted().resolve("maker.pem"), "of nobody");
        byte[] jar = Jar.named("org.qrm.plugin.power").bytes();
        Path version = Files.createDirectories(home().resolve("system/org/qrm/org.qrm.plugin.power/1.2.3"));
        Files.write(version.resolve("org.qrm.plugin.power-1.2.3.jar"), jar);
        byte[] changed = jar.clone();
        changed[changed.length - 1] ^= 1;
        assertRefused(Problem.Kind.REFUSED, "holds no certificate", () -> files.add("power.jar", stream(changed)));
        files.add("power.jar", stream(jar));
        assertEquals(digest(jar), files.list().get(0).sha256());
    }

    @Test
    public void takesNothingWhereThatIsSwitchedOff() throws Exception {
        byte[] jar = Jar.named("org.example.power").bytes();
        assertRefused(
                Problem.Kind.FORBIDDEN,
                "QRM_PLUGIN_UPLOADS",
                () -> service(null).add("power.jar", stream(jar)));
    }

    @Test
    public void takesNoStrangersFileWhereSomebodyIsTrusted() throws Exception {
        Files.createDirectory(trusted());
        Files.writeString(trusted().resolve("maker.pem"), "of nobody");
        byte[] jar = Jar.named("org.example.power").bytes();
        assertRefused(Problem.Kind.REFUSED, "holds no certificate", () -> add("power.jar", jar));
        assertNothingIsOnItsWay();
        assertEquals(List.of(), files.list());
    }

    @Test
    public void putsABundleIntoTheFolderAndSaysWhatItBrings() throws Exception {
        byte[] jar = Jar.named("org.example.power;singleton:=true")
                .with("Test-Plugins", "power")
                .bytes();

        PluginFile file = add("power.jar", jar);

        assertEquals("org.example.power", file.symbolicName());
        assertEquals("1.2.3", file.version());
        assertEquals(PluginFileState.ACTIVE, file.state());
        assertEquals(List.of("power"), file.plugins());
        assertEquals(jar.length, file.sizeBytes());
        assertEquals(64, file.sha256().length());
        assertEquals(List.of(file), files.list());
        assertArrayEquals(jar, Files.readAllBytes(deploy().resolve("power.jar")));
        assertNothingIsOnItsWay();
    }

    @Test
    public void replacesAndRemovesOnlyWhatIsStillAsItWasSeen() throws Exception {
        byte[] jar = Jar.named("org.example.power").bytes();
        PluginFile seen = add("power.jar", jar);
        byte[] newer =
                Jar.named("org.example.power").with("Test-Plugins", "power").bytes();
        add("power.jar", newer, Race.still(seen));
        Race.lateIsRefused(seen, expected -> add("power.jar", jar, expected));
        Race.lateIsRefused(seen, expected -> files.remove("power.jar", expected));
        assertArrayEquals(newer, Files.readAllBytes(deploy().resolve("power.jar")));
        assertNothingIsOnItsWay();
    }

    @Test
    public void refusesNamesThatAreNoneOfAJarInTheFolder() {
        for (String name : new String[] {
            null,
            "",
            ".jar",
            "a",
            "a.zip",
            "../a.jar",
            "a/b.jar",
            "a\\b.jar",
            "a\0.jar",
            "a.jar\n",
            ".a.jar",
            "ä.jar",
            "a".repeat(97) + ".jar",
            "a.JAR"
        }) {
            assertRefused(
                    Problem.Kind.INVALID, "", () -> add(name, Jar.named("a").bytes()));
            assertEquals(Optional.empty(), files.find(name));
            assertRefused(Problem.Kind.NOT_FOUND, "", () -> files.remove(name));
        }
        assertEquals(
                "a".repeat(96) + ".jar",
                add("a".repeat(96) + ".jar", Jar.named("a").bytes()).name());
    }

    @Test
    public void sendsAKarToTheFolder() {
        assertRefused(
                Problem.Kind.INVALID,
                "by hand",
                () -> add("a.kar", Jar.named("a").bytes()));
    }

    @Test
    public void refusesWhatIsNoBundle() throws Exception {
        byte[] whole = Jar.named("a").bytes();
        refusesContent("no jar file", "hello".getBytes());
        refusesContent("no jar file", new byte[0]);
        refusesContent("cut off", Arrays.copyOf(whole, whole.length - 30));
        refusesContent("no META-INF/MANIFEST.MF", zip("other.txt", "x".getBytes()));
        refusesContent("no Bundle-SymbolicName", Jar.nameless().bytes());
        refusesContent(
                "Bundle-ManifestVersion",
                Jar.named("a").with("Bundle-ManifestVersion", "1").bytes());
        refusesContent("Bundle-SymbolicName is none", Jar.named("a b\u001b").bytes());
        refusesContent(
                "Bundle-Version is none",
                Jar.named("a").with("Bundle-Version", "one").bytes());
        refusesContent(
                "fragment", Jar.named("a").with("Fragment-Host", "org.qrm.core").bytes());
    }

    @Test
    public void refusesAManifestThatTheDeployerWouldNotFind() throws Exception {
        byte[] manifest = "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: a\n\n".getBytes();
        refusesContent("not the first entry", zip("first.txt", new byte[0], "META-INF/MANIFEST.MF", manifest));
    }

    @Test
    public void unpacksNoManifestThatIsABomb() throws Exception {
        refusesContent("more than 1 MiB", zip("META-INF/MANIFEST.MF", new byte[64 * 1024 * 1024]));
    }

    @Test
    public void refusesWhatIsTooLargeWhileItArrives() throws Exception {
        byte[] jar = Jar.named("a").bytes();
        InputStream large = new SequenceInputStream(stream(jar), stream(new byte[(int) LIMIT]));
        assertRefused(Problem.Kind.TOO_LARGE, "1 MiB", () -> files.add("a.jar", large, SOME, Expected.any()));
        assertTheFolderIsEmpty();
    }

    @Test
    public void leavesNothingOfAnUploadThatBreaksOff() throws Exception {
        InputStream broken = new SequenceInputStream(stream(Jar.named("a").bytes()), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });
        assertRefused(Problem.Kind.FAILED, "connection reset", () -> files.add("a.jar", broken, SOME, Expected.any()));
        assertTheFolderIsEmpty();
    }

    @Test
    public void removesAtItsStartWhatWasOnItsWay() throws Exception {
        Files.write(arriving().resolve("left.jar"), new byte[10]);
        start();
        assertNothingIsOnItsWay();
    }

    @Test
    public void refusesABundleThatIsThereFromElsewhere() throws Exception {
        bundles.others.put("org.qrm.core", "mvn:org.qrm/org.qrm.core");
        assertRefused(
                Problem.Kind.CONFLICT,
                "mvn:org.qrm/org.qrm.core",
                () -> add("core.jar", Jar.named("org.qrm.core").bytes()));
        assertTheFolderIsEmpty();
    }

    @Test
    public void neverLetsIntoTheFolderWhatCannotBeResolved() throws Exception {
        byte[] jar = Jar.named("a")
                .with("Test-Obstacle", "missing requirement no.such")
                .bytes();
        assertRefused(Problem.Kind.REFUSED, "missing requirement no.such", () -> add("a.jar", jar));
        assertEquals(0, bundles.changes);
        assertTheFolderIsEmpty();
    }

    @Test
    public void takesOutWhatDoesNotStart() throws Exception {
        byte[] jar =
                Jar.named("a").with("Test-Failure", "Activator start error").bytes();
        assertRefused(Problem.Kind.REFUSED, "Activator start error", () -> add("a.jar", jar));
        assertTheFolderIsEmpty();
    }

    @Test
    public void takesOutWhatNobodyCouldWatch() throws Exception {
        bundles.broken = true;
        assertRefused(
                Problem.Kind.REFUSED,
                "the framework is ending",
                () -> add("a.jar", Jar.named("a").bytes()));
        assertTheFolderIsEmpty();
    }

    @Test
    public void replacesAFileOfTheSameName() {
        add("a.jar", Jar.named("a").bytes());
        PluginFile file =
                add("a.jar", Jar.named("a").with("Bundle-Version", "2").bytes());
        assertEquals("2.0.0", file.version());
        assertNothingIsOnItsWay();
    }

    @Test
    public void leavesAloneWhatIsThereAlready() {
        PluginFile first = add("a.jar", Jar.named("a").bytes());
        PluginFile second = add("a.jar", Jar.named("a").bytes());
        assertEquals(first, second);
        assertEquals(1, bundles.changes);
    }

    @Test
    public void putsBackWhatWasReplacedByWhatDoesNotStart() throws Exception {
        byte[] good = Jar.named("a").bytes();
        add("a.jar", good);
        byte[] bad = Jar.named("a").with("Test-Failure", "no").bytes();
        assertRefused(Problem.Kind.REFUSED, "The earlier file was put back", () -> add("a.jar", bad));
        assertArrayEquals(good, Files.readAllBytes(deploy().resolve("a.jar")));
        assertEquals("the earlier bundle was taken up again", 3, bundles.changes);
        assertNothingIsOnItsWay();
    }

    @Test
    public void refusesAnotherBundleUnderTheNameOfAFile() {
        add("a.jar", Jar.named("a").bytes());
        assertRefused(
                Problem.Kind.CONFLICT,
                "this one is b",
                () -> add("a.jar", Jar.named("b").bytes()));
    }

    @Test
    public void putsBackWhatBringsAPluginThatIsInUse() throws Exception {
        byte[] good = Jar.named("a").with("Test-Plugins", "power").bytes();
        add("a.jar", good);
        states.put("power", PluginState.INSTALLED);
        assertRefused(
                Problem.Kind.REFUSED,
                "no longer brings power",
                () -> add("a.jar", Jar.named("a").bytes()));
        assertArrayEquals(good, Files.readAllBytes(deploy().resolve("a.jar")));
    }

    @Test
    public void neitherReplacesNorRemovesWhatOthersUse() {
        add("a.jar", Jar.named("a").bytes());
        bundles.users.put("a.jar", List.of("org.example.b"));
        assertRefused(
                Problem.Kind.CONFLICT,
                "org.example.b",
                () -> add("a.jar", Jar.named("a").with("Bundle-Version", "2").bytes()));
        assertRefused(Problem.Kind.CONFLICT, "org.example.b", () -> files.remove("a.jar"));
        assertEquals("1.2.3", files.find("a.jar").orElseThrow().version());
    }

    @Test
    public void removesAFileWhosePluginsAreAvailable() throws Exception {
        add("a.jar", Jar.named("a").with("Test-Plugins", "power").bytes());
        states.put("power", PluginState.AVAILABLE);
        files.remove("a.jar");
        assertTheFolderIsEmpty();
        assertRefused(Problem.Kind.NOT_FOUND, "no such plug-in file", () -> files.remove("a.jar"));
    }

    @Test
    public void keepsAFileWhosePluginIsRegistered() {
        add("a.jar", Jar.named("a").with("Test-Plugins", "power").bytes());
        states.put("power", PluginState.REGISTERED);
        QrmException refused =
                assertRefused(Problem.Kind.CONFLICT, "its plug-in power is registered", () -> files.remove("a.jar"));
        assertThat(refused.problem().remedy(), containsString("Uninstall power"));
        assertTrue(files.find("a.jar").isPresent());
    }

    @Test
    public void saysThatABundleStays() {
        add("a.jar", Jar.named("a").bytes());
        bundles.sticky = true;
        assertRefused(Problem.Kind.TIMEOUT, "still there", () -> files.remove("a.jar"));
    }

    @Test
    public void listsWhatWasPutThereByHand() throws Exception {
        Files.write(deploy().resolve("b.jar"), Jar.named("b").bytes());
        Files.write(deploy().resolve("a.jar"), "rubbish".getBytes());
        Files.write(deploy().resolve("notes.txt"), new byte[1]);
        Files.createDirectory(deploy().resolve("folder.jar"));
        List<PluginFile> listed = files.list();
        assertEquals(
                List.of("a.jar", "b.jar"), listed.stream().map(PluginFile::name).toList());
        assertEquals(PluginFileState.STARTING, listed.get(0).state());
        assertEquals("b", listed.get(1).symbolicName());
    }

    @Test
    public void takesUploadsOfOneNameOneAfterTheOther() throws Exception {
        byte[] one = Jar.named("a").bytes();
        byte[] two = Jar.named("a").with("Bundle-Version", "2").bytes();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<PluginFile>> all = Stream.of(one, two, one, two, one, two)
                    .map(jar -> pool.submit(() -> add("a.jar", jar)))
                    .toList();
            for (Future<PluginFile> each : all) {
                assertEquals(PluginFileState.ACTIVE, each.get().state());
            }
        } finally {
            pool.shutdownNow();
        }
        byte[] left = Files.readAllBytes(deploy().resolve("a.jar"));
        assertTrue(Arrays.equals(one, left) || Arrays.equals(two, left));
        assertNothingIsOnItsWay();
    }

    @Test
    public void triesWithABundleThatHasTheSameNeedsAndNoCode() throws Exception {
        Path jar = data.getRoot().toPath().resolve("some.jar");
        Files.write(
                jar,
                Jar.named("a.b;singleton:=true")
                        .with("Bundle-Activator", "a.b.Start")
                        .with("Import-Package", "c.d")
                        .bytes());
        Path trial = data.getRoot().toPath().resolve("trial.jar");
        Files.copy(BundleManifest.of(jar).trial(), trial);
        BundleManifest tried = BundleManifest.of(trial);
        assertEquals("a.b", tried.headers().getValue("Bundle-SymbolicName"));
        assertEquals("1.2.3.qrm-trial", tried.version().toString());
        assertEquals("c.d", tried.headers().getValue("Import-Package"));
        assertFalse(tried.headers().containsKey(new java.util.jar.Attributes.Name("Bundle-Activator")));
    }

    private void refusesContent(String reason, byte[] content) throws IOException {
        assertRefused(Problem.Kind.INVALID, reason, () -> add("a.jar", content));
        assertTheFolderIsEmpty();
    }

    private static QrmException assertRefused(Problem.Kind kind, String words, Runnable attempt) {
        QrmException refused = assertThrows(QrmException.class, attempt::run);
        assertEquals(refused.getMessage(), kind, refused.problem().kind());
        assertThat(refused.getMessage(), containsString(words));
        return refused;
    }

    private void assertTheFolderIsEmpty() throws IOException {
        try (Stream<Path> left = Files.list(deploy())) {
            assertEquals(List.of(), left.toList());
        }
        assertNothingIsOnItsWay();
    }

    private void assertNothingIsOnItsWay() {
        assertEquals(List.of(), List.of(arriving().toFile().list()));
    }

    private Path deploy() {
        return data.getRoot().toPath().resolve("deploy");
    }

    private Path arriving() {
        return data.getRoot().toPath().resolve("deploy-arriving");
    }

    private PluginFile add(String name, byte[] jar) {
        return add(name, jar, Expected.any());
    }

    private PluginFile add(String name, byte[] jar, Expected<PluginFile> expected) {
        return files.add(name, stream(jar), digest(jar), expected);
    }

    private static String digest(byte[] jar) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    /** Of the plug-ins nothing is asked but where one stands. */
    private Plugins plugins() {
        return (Plugins) Proxy.newProxyInstance(
                Plugins.class.getClassLoader(), new Class<?>[] {Plugins.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("find")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    String id = (String) arguments[0];
                    return Optional.ofNullable(states.get(id))
                            .map(state -> new PluginDescription(id, "", "", state, true, false, List.of()));
                });
    }
}
