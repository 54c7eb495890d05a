package org.qrm.bootstrap.internal;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

public class WithoutPluginsTest {

    private static final String PACKAGE = "osgi.wiring.package";

    @Test
    public void keepsOutWhoUsesTheApiAndIsNoPartOfTheServer() {
        List<BundleRevision> candidates = List.of(
                revision("org.qrm.core", PACKAGE, "(&(osgi.wiring.package=org.qrm.api.plugin)(version>=1.0.0))"),
                revision("org.qrm.plugin.xen", PACKAGE, "(osgi.wiring.package=org.qrm.api)"),
                revision("com.example.meter", PACKAGE, "(osgi.wiring.package=org.qrm.api.command)"),
                revision("org.qrm.itests.brought.FatalPlugin", PACKAGE, "(osgi.wiring.package=org.qrm.api)"),
                revision("com.example.whole", "osgi.wiring.bundle", "(osgi.wiring.bundle=org.qrm.api)"),
                revision("com.example.library", PACKAGE, "(osgi.wiring.package=org.slf4j)"),
                revision("com.example.service", "osgi.service", "(objectClass=org.qrm.api.plugin.Plugins)"),
                revision("org.apache.karaf.shell.core", PACKAGE, "(osgi.wiring.package=org.osgi.framework)"));
        assertEquals(
                List.of(
                        "org.qrm.plugin.xen",
                        "com.example.meter",
                        "org.qrm.itests.brought.FatalPlugin",
                        "com.example.whole"),
                candidates.stream()
                        .filter(WithoutPlugins::isPlugin)
                        .map(BundleRevision::getSymbolicName)
                        .toList());
    }

    private static BundleRevision revision(String name, String namespace, String filter) {
        BundleRequirement requirement = proxy(
                BundleRequirement.class, Map.of("getNamespace", namespace, "getDirectives", Map.of("filter", filter)));
        return proxy(
                BundleRevision.class, Map.of("getSymbolicName", name, "getDeclaredRequirements", List.of(requirement)));
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> answers.get(method.getName())));
    }
}
