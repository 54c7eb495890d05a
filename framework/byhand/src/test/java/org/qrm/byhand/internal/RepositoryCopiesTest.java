package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.karaf.features.BundleInfo;
import org.apache.karaf.features.Feature;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RepositoryCopiesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path jar;
    private Path features;
    private String address;
    private RepositoryCopies copies;

    @Before
    public void keepOne() throws IOException {
        Path root = folder.getRoot().toPath();
        jar = Files.writeString(root.resolve("a.jar"), "a jar");
        features = Files.writeString(
                root.resolve("site.xml"),
                "<feature name=\"a\"><bundle start-level=\"9\">" + jar.toUri() + "</bundle></feature>");
        address = features.toUri().toString();
        copies = new RepositoryCopies(kept());
        copies.keep(address);
        copies.keepBundles(feature(jar.toUri().toString()));
    }

    @Test
    public void whatIsThereIsUsed() throws IOException {
        assertEquals(address, copies.working(address));
    }

    @Test
    public void theCopyTakesThePlaceOfARepositoryThatIsGone() throws IOException {
        Files.delete(features);
        String now = copies.working(address);
        assertTrue(now, now.startsWith(kept().toUri().toString()));
        assertTrue(Files.readString(Path.of(URI.create(now))).contains(">" + jar.toUri() + "<"));
    }

    @Test
    public void theCopyOfABundleTakesThePlaceOfOneThatIsGone() throws IOException {
        Files.delete(jar);
        String now = copies.working(address);
        String text = Files.readString(Path.of(URI.create(now)));
        assertFalse(text, text.contains(jar.toUri().toString()));
        assertEquals("a jar", Files.readString(Path.of(URI.create(text.replaceAll(".*>(file:[^<]*)<.*", "$1")))));
    }

    @Test
    public void aCopyThatStandsForTheRestStandsForItself() throws IOException {
        Files.delete(jar);
        String now = copies.working(address);
        copies.keep(now);
        copies.keepOnly(Set.of(now));
        assertEquals(now, copies.working(now));
        assertEquals(2, files().size());
    }

    @Test
    public void copiesGoWithTheirRepository() throws IOException {
        copies.keepOnly(Set.of(address));
        assertEquals(2, files().size());
        copies.keepOnly(Set.of());
        assertEquals(List.of(), files());
    }

    private Path kept() {
        return folder.getRoot().toPath().resolve("kept");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(kept())) {
            return files.toList();
        }
    }

    private static Feature feature(String location) {
        BundleInfo bundle = fake(BundleInfo.class, location);
        return fake(Feature.class, List.of(bundle));
    }

    /** Answers whatever it is asked. */
    private static <T> T fake(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer));
    }
}
