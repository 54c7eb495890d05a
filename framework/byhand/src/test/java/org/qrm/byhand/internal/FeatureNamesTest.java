package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FeatureNamesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aRequestIsNameAndVersion() {
        assertEquals("site/1.0.0", RequiredFeatures.id("feature:site/[1.0.0,1.0.0]"));
        assertEquals("site/1.0.0.SNAPSHOT", RequiredFeatures.id("feature:site/[1.0.0.SNAPSHOT,1.0.0.SNAPSHOT]"));
        assertEquals("site", RequiredFeatures.id("feature:site"));
    }

    @Test
    public void knowsWhatTheArchiveInstalls() throws IOException {
        var file = folder.newFile().toPath();
        Files.writeString(
                file,
                "featuresBoot = (wrap/2.7.0, shell/4.4.10), qrm-core/0.1.0\n"
                        + "featuresRepositories = mvn\\:org.qrm/qrm-features/0.1.0/xml/features, \\\n  file\\:/b.xml\n");
        assertEquals(
                new FromTheArchive(
                        Set.of("wrap", "shell", "qrm-core"),
                        Set.of("mvn:org.qrm/qrm-features/0.1.0/xml/features", "file:/b.xml")),
                FromTheArchive.read(file));
    }
}
