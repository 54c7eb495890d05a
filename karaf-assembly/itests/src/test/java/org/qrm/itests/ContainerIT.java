package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import javax.inject.Inject;
import org.junit.Test;
import org.ops4j.pax.exam.util.Filter;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.qrm.api.resource.Resources;
import org.qrm.api.server.ServerSettings;

/** The distribution seen from inside, started by a test container instead of {@code bin/qrm-server}. */
public class ContainerIT extends ContainerTest {

    @Inject
    private ServerSettings settings;

    /** The core comes when its database does, and on a busy machine that takes a while. */
    @Inject
    @Filter(timeout = 120_000)
    private Resources resources;

    @Test
    public void resolvesItsSettingsWithoutTheStartScript() {
        assertEquals("127.0.0.1", settings.address());
        assertEquals(Integer.toString(settings.httpPort()), System.getProperty("qrm.http.port"));
        assertTrue("the authority's certificate", Files.isReadable(settings.caCertificate()));
        assertFalse("a version", settings.version().isEmpty());
    }

    @Test
    public void hasEveryBundleActive() {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            assertTrue(bundle + " is in state " + bundle.getState(), fragment || bundle.getState() == Bundle.ACTIVE);
        }
    }

    @Test
    public void pluginsComeAndGoWithoutRefreshingTheServer() throws Exception {
        console("feature:uninstall qrm-plugin-nfs");
        await("the NFS plug-in is gone", () -> bundle("org.qrm.plugin.nfs") == null);
        Bundle core = bundle("org.qrm.core");
        long startedAt = core.getLastModified();
        console("feature:install qrm-plugin-nfs");
        await("the NFS plug-in is there", () -> isActive("org.qrm.plugin.nfs"));
        assertEquals(
                "the core was not touched", startedAt, bundle("org.qrm.core").getLastModified());
        assertEquals(Bundle.ACTIVE, core.getState());
        assertTrue(
                "the core answers",
                resources.find("00000000-0000-0000-0000-000000000000").isEmpty());
    }

    private boolean isActive(String name) {
        Bundle bundle = bundle(name);
        return bundle != null && bundle.getState() == Bundle.ACTIVE;
    }

    private Bundle bundle(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(name)) {
                return bundle;
            }
        }
        return null;
    }
}
