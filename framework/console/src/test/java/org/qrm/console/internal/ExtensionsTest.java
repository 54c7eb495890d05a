package org.qrm.console.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;
import org.qrm.api.event.EventLog;
import org.qrm.api.plugin.Plugins;

public class ExtensionsTest {

    private final Extensions extensions = new Extensions();
    private final List<String> told = new ArrayList<>();
    private boolean registered = true;

    @Before
    public void plugins() {
        extensions.plugins = proxy(Plugins.class, (name, service) -> registered);
        extensions.events = (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (self, method, arguments) -> {
                    told.add(method.getName() + ": " + arguments[arguments.length > 2 ? 4 : 1]);
                    return null;
                });
    }

    @Test
    public void aPluginThatNobodyRegisteredAddsNothing() {
        registered = false;
        extensions.add(reference("web/ui.js"), extension("web/ui.js"));
        assertEquals("[]", parts());
        assertEquals(Optional.empty(), extensions.find("sample/ui.js"));
        registered = true;
        assertTrue("at once, without a restart", extensions.find("sample/ui.js").isPresent());
    }

    @Test
    public void theFirstOfTwoForOnePluginIsShownAndTheOtherIsToldOf() {
        ServiceReference<ConsoleExtension> first = reference("web/ui.js", "org.first");
        extensions.add(first, extension("web/ui.js"));
        ServiceReference<ConsoleExtension> second = reference("other/page.js", "org.second");
        extensions.add(second, extension("other/page.js"));
        assertTrue(parts(), parts().contains("plugins/sample/ui.js"));
        assertFalse(parts(), parts().contains("page.js"));
        extensions.remove(second);
        assertEquals(
                List.of(
                        "record: What bundle org.second adds to the web console for plug-in sample is not shown:"
                                + " bundle org.first came first.",
                        "resolve: plugin-service/console of sample"),
                told);
    }

    @Test
    public void aPartComesAndGoesWithItsService() {
        ServiceReference<ConsoleExtension> reference = reference("web/ui.js");
        extensions.add(reference, extension("web/ui.js"));
        assertEquals(
                "[{\"plugin\":\"sample\",\"place\":\"resource-tab\",\"title\":\"Sample\",\"module\":\"plugins/sample/ui.js?v=7\"}]",
                parts());
        assertTrue(extensions.find("sample/ui.js").isPresent());
        extensions.remove(reference);
        assertEquals("[]", parts());
        assertEquals(Optional.empty(), extensions.find("sample/ui.js"));
    }

    @Test
    public void nothingButTheFolderOfTheModulesIsServed() {
        extensions.add(reference("web/ui.js"), extension("web/ui.js"));
        for (String path : List.of("sample/none.js", "sample/../web/ui.js", "sample/", "sample", "other/ui.js")) {
            assertEquals(path, Optional.empty(), extensions.find(path));
        }
    }

    @Test
    public void whatCannotBeShownIsToldAndTheOthersAre() {
        extensions.add(reference("web/ui.js"), extension("web/ui.js"));
        String shown = parts();
        List<ConsoleExtension> broken = new ArrayList<>(List.of(
                answers(null, List.of()),
                answers("No Id", List.of()),
                answers("other", null),
                answers("other", Collections.singletonList(null)),
                throwing(new IllegalStateException("no licence for it")),
                throwing(new StackOverflowError())));
        for (String module : List.of("ui.js", "/web/ui.js", "web/../ui.js", "web/ui.class")) {
            broken.add(extension(module));
        }
        for (ConsoleExtension each : broken) {
            told.clear();
            ServiceReference<ConsoleExtension> reference = reference("web/ui.js", "org.broken");
            extensions.add(reference, each);
            assertEquals(shown, parts());
            assertTrue(
                    told.toString(),
                    told.get(0).startsWith("record: What bundle org.broken adds to the web console is not shown: "));
            extensions.remove(reference);
            assertEquals("resolve: plugin-service/console of org.broken", told.get(1));
        }
    }

    private static ConsoleExtension answers(String plugin, List<ConsolePart> parts) {
        return new ConsoleExtension() {
            @Override
            public String plugin() {
                return plugin;
            }

            @Override
            public List<ConsolePart> parts() {
                return parts;
            }
        };
    }

    private static ConsoleExtension throwing(Throwable fault) {
        return proxy(ConsoleExtension.class, (name, argument) -> ExtensionsTest.<RuntimeException>thrown(fault));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> Object thrown(Throwable fault) throws T {
        throw (T) fault;
    }

    @Test
    public void thatOfAnUpdatedBundleStays() {
        ServiceReference<ConsoleExtension> old = reference("web/ui.js");
        extensions.add(old, extension("web/ui.js"));
        extensions.add(reference("web/ui.js"), extension("web/ui.js"));
        extensions.remove(old);
        assertTrue(extensions.find("sample/ui.js").isPresent());
    }

    private String parts() {
        return new String(extensions.parts().content(), StandardCharsets.UTF_8);
    }

    private static ConsoleExtension extension(String module) {
        return answers("sample", List.of(new ConsolePart(ConsolePart.Place.RESOURCE_TAB, "Sample", module)));
    }

    /** Of a bundle, changed at 7, that has that file: in truth a class of this test. */
    private static ServiceReference<ConsoleExtension> reference(String file) {
        return reference(file, "org.sample");
    }

    private static ServiceReference<ConsoleExtension> reference(String file, String bundleName) {
        Map<String, Object> entries = Map.of(file, ExtensionsTest.class.getResource("ExtensionsTest.class"));
        Bundle bundle = proxy(Bundle.class, (name, argument) -> switch (name) {
            case "getLastModified", "getBundleId" -> (Object) 7L;
            case "getSymbolicName" -> bundleName;
            default -> entries.get(argument);
        });
        @SuppressWarnings("unchecked")
        ServiceReference<ConsoleExtension> reference =
                proxy(ServiceReference.class, (name, argument) -> name.equals("getBundle") ? bundle : null);
        return reference;
    }

    private interface Answers {
        Object to(String method, Object argument);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> answers.to(method.getName(), arguments == null ? null : arguments[0]);
                }));
    }
}
