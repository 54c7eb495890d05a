package org.qrm.bootstrap.internal;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;

public class FromFilesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> heldBack = new ArrayList<>();

    @Test
    public void holdsBackWhatTheFrameworkWouldStartOfTheFolder() throws Exception {
        Path deploy = folder.newFolder("with blank", "deploy").toPath().toRealPath();
        String below = "file:" + deploy.toUri().getRawPath();
        Bundle[] bundles = {
            bundle(below + "started.jar", true),
            bundle(below + "started.jar#2", true),
            bundle(below + "other.jar", false),
            bundle("file:" + deploy.resolveSibling("elsewhere").toUri().getRawPath() + "/x.jar", true),
            bundle("mvn:org.qrm/org.qrm.core/1", true)
        };
        FromFiles.holdBack(proxy(BundleContext.class, name -> bundles), deploy);
        assertEquals(List.of(below + "started.jar", below + "started.jar#2"), heldBack);
    }

    private Bundle bundle(String location, boolean started) {
        BundleStartLevel level = proxy(BundleStartLevel.class, name -> started);
        return proxy(Bundle.class, name -> switch (name) {
            case "getLocation" -> location;
            case "adapt" -> level;
            case "stop" -> heldBack.add(location) ? null : "";
            default -> throw new IllegalStateException(name);
        });
    }

    private static <T> T proxy(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, given) -> answers.apply(method.getName())));
    }
}
