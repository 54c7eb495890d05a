package org.qrm.plugin.dnsmasq.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;
import org.qrm.api.admission.Admissions;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.resource.Resources;
import org.qrm.api.server.ServerSettings;

/**
 * A program for tests: the plug-in in a process of its own, which can be run in a network namespace and killed. Each line
 * of standard input is a configuration ({@code mode=full interface=eth1 …}); each event becomes a line of standard output.
 */
final class PluginInNamespace {

    private PluginInNamespace() {}

    /** Arguments: home directory, data directory, address of the server. */
    public static void main(String[] arguments) throws IOException {
        DnsmasqPlugin plugin = new DnsmasqPlugin(
                new Settings(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]),
                new PrintedEvents(),
                null,
                null,
                Map.of());
        say("ready");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("health")) {
                say("health " + plugin.execute().status() + " "
                        + plugin.execute().message());
            } else if (line.startsWith("machines")) {
                know(plugin, List.of(line.split(" ")));
            } else {
                plugin.configure(configuration(line));
            }
        }
        plugin.close();
        say("closed");
    }

    /** {@code machines MAC/ADDRESS/NAME …} are those that there are from now on. */
    private static void know(DnsmasqPlugin plugin, List<String> words) {
        List<Resource> machines = words.stream()
                .skip(1)
                .map(word -> word.split("/"))
                .map(parts -> new Resource(
                        1,
                        new MacAddress(parts[0]),
                        parts[2],
                        ResourceKind.NODE,
                        null,
                        null,
                        ResourceState.IDLE,
                        "",
                        new Hardware(1, 1, 1, List.of(), Map.of()),
                        parts[1],
                        null,
                        0,
                        Instant.EPOCH,
                        1))
                .toList();
        plugin.admissions = listing(Admissions.class, List.of());
        plugin.resources = listing(Resources.class, machines);
        plugin.onEvent(new Event(
                1, Instant.EPOCH, Priority.INFO, "core", "resource.idle", "resource/1", "", 1L, false, false));
        say("known");
    }

    /** Answers each list with that. */
    private static <T> T listing(Class<T> service, List<?> items) {
        return service.cast(Proxy.newProxyInstance(
                service.getClassLoader(), new Class<?>[] {service}, (self, method, given) -> new Page<>(items, null)));
    }

    private static Map<String, Object> configuration(String line) {
        Map<String, Object> configuration = new HashMap<>();
        for (String pair : line.split(" ")) {
            configuration.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return configuration;
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private record Settings(Path homeDirectory, Path dataDirectory, String address) implements ServerSettings {
        @Override
        public int httpPort() {
            return 8080;
        }

        @Override
        public int httpsPort() {
            return 8443;
        }

        @Override
        public String databaseUrl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path caCertificate() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String version() {
            return "test";
        }
    }

    private static final class PrintedEvents implements EventLog {
        @Override
        public Event record(
                Priority priority, String source, String type, String subject, String description, Long resource) {
            say("event " + priority + " " + type + " " + description);
            return new Event(1, Instant.EPOCH, priority, source, type, subject, description, resource, false, false);
        }

        @Override
        public void resolve(String type, String subject) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Event> list(Filter<EventField> filter, Sort<EventField> sort, PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Event> after(long id, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long newest() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Event acknowledge(long id) {
            throw new UnsupportedOperationException();
        }
    }
}
