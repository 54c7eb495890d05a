package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.environment.HealingStorm;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.cli.internal.TypedAtCommandLine;
import org.qrm.commands.Commands;
import org.qrm.commands.Route;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Verb;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;
import org.qrm.shell.internal.TypedAtKaraf;

/**
 * Each verb, typed at {@code bin/qrm} and at the Karaf console, answers the JSON that its request is answered. Three servers that are
 * alike go through the same: one hears requests alone, one {@code bin/qrm} alone, one the Karaf console alone. So what one face does in
 * another way shows in what is read afterwards, too.
 */
public class SameAnswersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Names of things that are there, by their nouns; others are the first of their list. */
    private static final Map<String, String> NAMES = Map.of(
            "partition", "50",
            "plugin", "xen",
            "plugin-file", "power.jar",
            "user", "ann",
            "boot-file", "vmlinuz",
            "image-snapshot", "web1");

    /** Words that are no name, by their fields. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("snapshot", "monday"),
            Map.entry("argument", "db.pw"),
            Map.entry("fingerprint", "SHA256:AAAA"),
            Map.entry("target", "https://receiver.example/hook"),
            Map.entry("address", "10.77.0.5"),
            Map.entry("managementAddress", "10.77.0.5"),
            Map.entry("exportRoot", "/export"),
            Map.entry("plugin", "ipmi"),
            Map.entry("mac", "52:54:00:aa:00:09"),
            Map.entry("before", "2026-01-01T00:00:00Z"),
            Map.entry("meter", "m1"),
            Map.entry("owner", "ann"),
            Map.entry("note", "loud"),
            Map.entry("seconds", "60"));

    /** What each face writes of itself. */
    private static final Set<String> OWN = Set.of("origin", "action", "details", "result", "hash", "time");

    /** Options that are needed, though their requests share one description with others. */
    private static final Set<String> NEEDED = Set.of(
            "admission open --minutes",
            "admission open --machines",
            "resource set --owner",
            "resource set --note",
            "ve set --owner",
            "boot-image set --note",
            "filesystem-image set --owner",
            "storage-server set --note",
            "resource tag-all --all",
            "resource untag-all --all");

    /** What these services always refuse. */
    private static final Set<String> REFUSED = Set.of("plugin-run-once");

    /** Verbs that leave nothing to those after them. */
    private static final Set<String> LAST = Set.of("uninstall", "forget-former", "drop-all", "admit-all", "close");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeServices asked = services();
    private final FakeServices typed = services();
    private final FakeServices console = services();

    @Rule
    public final RestServer rest = new RestServer(asked);

    @Rule
    public final RestServer far = new RestServer(typed);

    private final Commands described = new Commands(console, new FakeLogin());
    private final TypedAtKaraf karaf = new TypedAtKaraf(described, console);

    @After
    public void leave() {
        karaf.close();
    }

    private static FakeServices services() {
        FakeServices services = new FakeServices();
        services.knownResources.add(1, "host", ResourceState.ACTIVE, null);
        services.knownResources.add(2, "other", ResourceState.IDLE, null);
        services.knownResources.addPartitionOf(50, "guest", 1);
        services.knownAdmissions.known.add(new ExpectedMachine(1, null, null, "SN-1", "rack1"));
        services.knownEnvironments.storm = new HealingStorm(Instant.EPOCH, 9, 4);
        services.knownEvents.happen("first");
        services.knownCommands.there = true;
        services.knownUsers.add("admin", Role.ADMIN, "");
        services.knownOperations.queue("resource.reboot", "resource/1");
        return services;
    }

    /**
     * What is typed, and what is asked for by it.
     *
     * @param words after noun and verb
     * @param input what is written to the command
     * @param body JSON, or the bytes of a file
     * @param kept fields of the thing that stay as they are, where the body has no others for them
     */
    private record Line(
            String noun,
            String verb,
            List<String> words,
            String input,
            String method,
            String path,
            Object body,
            List<String> kept) {
        /** Some nouns are their own verb. */
        List<String> typed() {
            return noun.equals(verb) ? List.of(noun) : List.of(noun, verb);
        }

        String name() {
            return String.join("-", typed());
        }

        boolean reads() {
            return method.equals("GET");
        }

        /** Whether it takes away something of a thing, which may itself go then. */
        boolean takes() {
            return verb.matches("(remove|delete|revoke)-.*");
        }

        boolean isLast() {
            return method.equals("DELETE") || LAST.contains(verb);
        }
    }

    @Test
    public void everyVerbAnswersTheSameOnAllSides() throws Exception {
        List<Line> lines = lines();
        awaitCommands(lines);
        List<Line> order = new ArrayList<>();
        lines.stream().filter(line -> line.verb.equals("create")).forEach(order::add);
        lines.stream()
                .filter(line -> line.verb.matches("put-file|import|add-.*|set.*"))
                .forEach(order::add);
        lines.stream().filter(Line::reads).forEach(order::add);
        lines.stream()
                .filter(line -> !order.contains(line) && !line.takes() && !line.isLast())
                .forEach(order::add);
        lines.stream().filter(Line::reads).forEach(order::add);
        lines.stream().filter(Line::takes).forEach(order::add);
        lines.stream().filter(line -> line.isLast() && !line.takes()).forEach(order::add);
        Set<String> done = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        List<String> unlike = new ArrayList<>();
        for (Line line : order) {
            (compare(line, unlike) ? done : refused).add(line.name());
        }
        refused.removeAll(done);
        assertEquals(String.join("\n", unlike), 0, unlike.size());
        assertEquals(
                "refused on all sides alike; NAMES, WORDS and NEEDED say what they need, REFUSED that it must be so",
                REFUSED,
                refused);
    }

    private void awaitCommands(List<Line> lines) {
        Set<String> names = lines.stream().map(Line::name).collect(Collectors.toCollection(TreeSet::new));
        long end = System.nanoTime() + 60_000_000_000L;
        while (!karaf.names().equals(names) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(10_000_000);
        }
        assertEquals(names, new TreeSet<>(karaf.names()));
    }

    /** Whether it was done; what differs is added. */
    private boolean compare(Line line, List<String> unlike) throws Exception {
        Reply reply = ask(line);
        List<String> words = new ArrayList<>(line.words);
        words.addAll(List.of("-o", "json"));
        TypedAtKaraf.Said atConsole = karaf.run(line.name(), line.input, words);
        words.addAll(0, line.typed());
        TypedAtCommandLine.Said far = TypedAtCommandLine.run(
                "http://127.0.0.1:" + this.far.securePort(), line.input, words.toArray(String[]::new));
        String what = String.join(" ", words) + ": " + reply.status();
        if (reply.status() >= 300) {
            int status = Failure.ofHttp(reply.status());
            StringBuilder sentence = new StringBuilder(reply.at("detail"));
            reply.json()
                    .path("errors")
                    .properties()
                    .forEach(error -> sentence.append(
                            "\n  " + error.getKey() + ": " + error.getValue().asText()));
            differs(
                    unlike,
                    what + ", bin/qrm",
                    status + " " + sentence,
                    far.status() + " " + far.sentence().strip());
            differs(
                    unlike,
                    what + ", Karaf",
                    status + " " + sentence,
                    atConsole.status() + " " + atConsole.sentence().strip());
            return false;
        }
        JsonNode expected = calm(line, reply.json() == null ? MissingNode.getInstance() : reply.json());
        differs(unlike, what + ", bin/qrm", expected, calm(line, parsed(far.answer(), far.sentence())));
        differs(unlike, what + ", Karaf", expected, calm(line, parsed(atConsole.answer(), atConsole.sentence())));
        return true;
    }

    private static void differs(List<String> unlike, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            unlike.add(what + "\n  is       " + expected + "\n  and here " + found);
        }
    }

    private static JsonNode parsed(String text, String otherwise) throws Exception {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException none) {
            return JSON.getNodeFactory().textNode("no JSON: " + text + otherwise);
        }
    }

    private Reply ask(Line line) {
        if (line.body instanceof byte[] bytes) {
            return rest.send(
                    rest.request("/api/v1" + line.path)
                            .header("Authorization", RestServer.ADMIN)
                            .header("Content-Type", "application/octet-stream"),
                    line.method,
                    BodyPublishers.ofByteArray(bytes));
        }
        JsonNode body = (JsonNode) line.body;
        if (!line.kept.isEmpty() && rest.get("/api/v1" + line.path).json() instanceof ObjectNode before) {
            body = before.retain(line.kept).setAll((ObjectNode) body);
        }
        return rest.send("admin", line.method, "/api/v1" + line.path, body == null ? null : body.toString());
    }

    /** Without what tells who asked, and when. */
    private static JsonNode calm(Line line, JsonNode answer) {
        JsonNode calm = answer.deepCopy();
        if (calm instanceof ObjectNode object && !line.noun.equals("audit")) {
            object.remove("time");
        }
        if (line.noun.equals("audit")) {
            calm.path("items").forEach(item -> ((ObjectNode) item).remove(OWN));
        }
        return calm;
    }

    private List<Line> lines() throws Exception {
        List<Line> lines = new ArrayList<>(byHand());
        List<Route> routes = new ArrayList<>(described.routes());
        routes.addAll(described.routesOfPlugins());
        for (Route route : routes) {
            route.verbs().forEach(verb -> lines.add(line(verb)));
        }
        return lines;
    }

    private static String wordOf(Verb verb, Verb.Option option) {
        if (option.kind() == Verb.Kind.FLAG) {
            return "true";
        }
        return option.words().isEmpty()
                ? word(verb, option.field(), option.reference())
                : option.words().get(0);
    }

    /** A verb with all that it needs, and what is asked for by it as its description says. */
    private Line line(Verb verb) {
        List<String> words = new ArrayList<>();
        String path = verb.path();
        Map<String, String> query = new LinkedHashMap<>();
        ObjectNode body = JSON.createObjectNode();
        verb.preset().forEach(body::put);
        for (Verb.Argument argument : verb.arguments()) {
            boolean listed = argument.many() && argument.place() == Verb.Place.BODY;
            if (argument.optional() && !listed) {
                continue;
            }
            String word = word(verb, argument.field(), argument.reference());
            words.add(word);
            switch (argument.place()) {
                case PATH -> path = path.replace("{" + argument.field() + "}", Far.encoded(word));
                case QUERY -> query.put(argument.field(), word);
                case BODY ->
                    put(
                            body,
                            argument.field(),
                            listed
                                    ? JSON.createArrayNode().add(word)
                                    : JSON.getNodeFactory().textNode(word));
            }
        }
        for (Verb.Option option : verb.options()) {
            if (option.needed() || NEEDED.contains(verb.words() + " " + option.name())) {
                String word = wordOf(verb, option);
                words.addAll(List.of(option.name(), word));
                if (option.place() == Verb.Place.QUERY) {
                    query.put(option.field(), word);
                } else {
                    put(body, option.field(), value(option, word));
                }
            }
        }
        switch (verb.answer()) {
            case LIST -> query.put("limit", "1000");
            case NEWEST -> query.put("limit", "100");
            default -> {}
        }
        if (!query.isEmpty()) {
            path += query.entrySet().stream()
                    .map(each -> each.getKey() + "=" + Far.encoded(each.getValue()))
                    .collect(Collectors.joining("&", "?", ""));
        }
        boolean bare = Set.of("GET", "DELETE").contains(verb.method());
        List<String> kept = verb.options().stream()
                .map(option -> option.field().split("\\.")[0])
                .toList();
        return new Line(
                verb.noun(),
                verb.name(),
                words,
                "",
                verb.method(),
                path,
                bare ? null : body,
                verb.merges() ? kept : List.of());
    }

    private static JsonNode value(Verb.Option option, String word) {
        JsonNode value = switch (option.kind()) {
            case NUMBER -> JSON.getNodeFactory().numberNode(Long.parseLong(word));
            case FLAG -> JSON.getNodeFactory().booleanNode(Boolean.parseBoolean(word));
            case TEXT -> JSON.getNodeFactory().textNode(word);
        };
        ArrayNode many = JSON.createArrayNode();
        return option.many() ? many.add(value) : value;
    }

    private static void put(ObjectNode body, String field, JsonNode value) {
        int dot = field.indexOf('.');
        ObjectNode where = dot < 0 ? body : body.withObject("/" + field.substring(0, dot));
        where.set(field.substring(dot + 1), value);
    }

    private static String word(Verb verb, String field, String reference) {
        if (WORDS.containsKey(field) && !reference.equals("plugin")) {
            return WORDS.get(field);
        }
        if (field.equals("role")) {
            return "viewer";
        }
        return NAMES.getOrDefault(
                reference.isEmpty() && field.equals("name") ? verb.noun() : reference,
                field.equals("id") || field.matches(".*[sS]econds|.*Mb|value|count|cpus|hours|minutes|machines")
                        ? "1"
                        : "web1");
    }

    private List<Line> byHand() throws Exception {
        Path kernel = Files.writeString(folder.newFile("vmlinuz").toPath(), "kernel");
        Path csv = Files.writeString(folder.newFile("machines.csv").toPath(), "mac\n52:54:00:aa:00:09\n");
        Path jar = Files.writeString(folder.newFile("power.jar").toPath(), "jar");
        Path key = Files.writeString(folder.newFile("ann.pub").toPath(), "ssh-ed25519 AAAA ann@home\n");
        String zeros = "0".repeat(64);
        ObjectNode image = JSON.createObjectNode().put("name", "web1").put("storageServer", "web1");
        image.putObject("source").put("type", "empty");
        ObjectNode path = JSON.createObjectNode();
        path.putObject("answers").put("path", "/images");
        ObjectNode bmc = JSON.createObjectNode();
        bmc.putObject("answers").put("address", "10.77.0.9").put("password", "secret");
        return List.of(
                line(
                        "user create ann --role operator",
                        "long enough",
                        "POST",
                        "/users",
                        JSON.createObjectNode()
                                .put("name", "ann")
                                .put("role", "operator")
                                .put("password", "long enough")),
                line(
                        "user add-key ann " + key,
                        "",
                        "POST",
                        "/users/ann/keys",
                        JSON.createObjectNode().put("key", "ssh-ed25519 AAAA ann@home")),
                line(
                        "user password ann",
                        "long enough",
                        "POST",
                        "/users/ann/password",
                        JSON.createObjectNode().put("password", "long enough")),
                line(
                        "token create t1 --role viewer",
                        "",
                        "POST",
                        "/tokens",
                        JSON.createObjectNode()
                                .put("name", "t1")
                                .put("role", "viewer")
                                .put("days", 90)),
                line(
                        "boot-image put-file web1 " + kernel + " --role kernel",
                        "",
                        "PUT",
                        "/boot-images/web1/files/vmlinuz?role=kernel",
                        Files.readAllBytes(kernel)),
                line(
                        "ve set-secret web1 db.pw",
                        "secret",
                        "PUT",
                        "/virtual-environments/web1/secret-arguments/db.pw",
                        JSON.createObjectNode().put("value", "secret")),
                line(
                        "subscription set-secret web1",
                        "secret",
                        "PUT",
                        "/subscriptions/web1/secret",
                        JSON.createObjectNode().put("value", "secret")),
                line(
                        "expected-machine import " + csv,
                        "",
                        "POST",
                        "/expected-machines",
                        JSON.createObjectNode()
                                .put("csv", Files.readString(csv))
                                .put("dryRun", false)),
                line(
                        "filesystem-image create web1 --storage-server web1 --empty",
                        "",
                        "POST",
                        "/filesystem-images",
                        image),
                line("operation wait 1 --timeout 0", "", "GET", "/operations/1", null),
                line(
                        "partition type 50 ls",
                        "",
                        "POST",
                        "/partitions/50/console",
                        JSON.createObjectNode().put("text", "ls\r")),
                line("partition console 50", "", "GET", "/partitions/50/console", null),
                line("plugin wizard xen", "", "GET", "/plugins/xen/wizard", null),
                line("plugin configure xen path=/images", "", "PUT", "/plugins/xen/wizard", path),
                line(
                        "plugin add-file " + jar + " --sha256 " + zeros,
                        "",
                        "PUT",
                        "/plugin-files/power.jar?sha256=" + zeros,
                        Files.readAllBytes(jar)),
                line(
                        "resource configure 1 ipmi address=10.77.0.9 password",
                        "secret",
                        "PUT",
                        "/resources/1/settings/ipmi",
                        bmc));
    }

    private static Line line(String typed, String input, String method, String path, Object body) {
        List<String> words = List.of(typed.split(" "));
        return new Line(
                words.get(0), words.get(1), words.subList(2, words.size()), input, method, path, body, List.of());
    }
}
