package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Sort;
import org.qrm.api.image.ImageSource;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.commands.Commands;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.line.Verb;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Every list by every field of it, as its description says it: the interface, its document, and what is typed. */
public class ListsOverHttpTest {

    private static final Set<String> OF_EVERY_LIST = Set.of("limit", "after", "fields", ListQuery.QUERY);

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    private final List<Route> lists = new Commands(services, new FakeLogin())
            .routes().stream()
                    .filter(route -> route.query().stream()
                            .anyMatch(parameter -> parameter.name().equals("sort")))
                    .toList();

    /** What was last asked of the services whose lists the database narrows. */
    private final Map<String, Supplier<Object[]>> asked = Map.ofEntries(
            Map.entry("/resources", () ->
                    new Object[] {services.knownResources.lastFilter, services.knownResources.lastSort}),
            Map.entry("/virtual-environments", () ->
                    new Object[] {services.knownEnvironments.lastFilter, services.knownEnvironments.lastSort}),
            Map.entry(
                    "/filesystem-images", () -> new Object[] {
                        services.knownImages.filesystem.lastFilter, services.knownImages.filesystem.lastSort
                    }),
            Map.entry("/storage-servers", () ->
                    new Object[] {services.knownStorage.lastFilter, services.knownStorage.lastSort}),
            Map.entry("/operations", () ->
                    new Object[] {services.knownOperations.lastFilter, services.knownOperations.lastSort}),
            Map.entry("/events", () -> new Object[] {services.knownEvents.lastFilter, services.knownEvents.lastSort}),
            Map.entry("/audit", () -> new Object[] {services.knownAudit.lastFilter, services.knownAudit.lastSort}),
            Map.entry("/tokens", () -> new Object[] {services.knownTokens.lastFilter, services.knownTokens.lastSort}),
            Map.entry("/expected-machines", () ->
                    new Object[] {services.knownAdmissions.lastFilter, services.knownAdmissions.lastSort}));

    private static final Set<String> SHORT = Set.of(
            "/alerts",
            "/resources/{id}/partitions",
            "/boot-images",
            "/certificates",
            "/filters",
            "/filesystem-images/{name}/snapshots",
            "/plugins",
            "/plugin-commands",
            "/plugin-files",
            "/spares",
            "/subscriptions",
            "/users",
            "/users/{name}/keys");

    @Before
    public void addAHost() {
        services.knownResources.add(1, "host", ResourceState.ACTIVE, null);
        services.knownUsers.add("admin", Role.ADMIN, "1");
        services.knownImages.filesystem.create("admin", "nas", null, new ImageSource.Empty(), null, "");
    }

    @Test
    public void allListsOfThingsAreThere() {
        Set<String> expected = new TreeSet<>(asked.keySet());
        expected.addAll(SHORT);
        assertEquals(expected, lists.stream().map(Route::path).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** RFC 9110, 13.1.2. */
    @Test
    public void aListIsAnsweredAgainOnlyWhenItIsAnother() {
        for (String path : List.of("/api/v1/resources?limit=5", "/api/v1/users", "/api/v1/openapi.json")) {
            String tag = server.get(path).header("ETag");
            assertTrue(path + " " + tag, tag.matches("W/\"[0-9a-f]{32}\""));
            for (String known : List.of(tag, tag.substring(2), "\"a\", " + tag, "*")) {
                Reply same = conditional("GET", path, known);
                assertEquals(path + " " + known, 304, same.status());
                assertEquals("", same.text());
                assertEquals(tag, same.header("ETag"));
                assertEquals(304, conditional("HEAD", path, known).status());
            }
            assertEquals(
                    200, conditional("GET", path, "\"" + "0".repeat(32) + "\"").status());
        }
        String before = server.get("/api/v1/resources").header("ETag");
        services.knownResources.add(2, "another", ResourceState.IDLE, null);
        Reply after = conditional("GET", "/api/v1/resources", before);
        assertEquals(200, after.status());
        assertTrue(after.text(), after.text().contains("another"));
    }

    /** Of one thing the tag tells what a change of it would change, not whether its load is another. */
    @Test
    public void oneThingIsAnsweredAlways() {
        Reply one = server.get("/api/v1/resources/1");
        assertTrue(one.header("ETag"), one.header("ETag").startsWith("\""));
        assertEquals(
                200,
                conditional("GET", "/api/v1/resources/1", one.header("ETag")).status());
    }

    @Test
    public void whoMayNotReadIsNotToldThatNothingChanged() {
        String tag = server.get("/api/v1/users").header("ETag");
        HttpRequest.Builder asked = server.request("/api/v1/users")
                .header("Authorization", RestServer.basic("viewer", "viewer-secret"))
                .header("If-None-Match", tag);
        assertEquals(403, server.send(asked, "GET", RestServer.NO_BODY).status());
    }

    private Reply conditional(String method, String path, String known) {
        HttpRequest.Builder asked =
                server.request(path).header("Authorization", RestServer.ADMIN).header("If-None-Match", known);
        return server.send(asked, method, RestServer.NO_BODY);
    }

    @Test
    public void everyFilterTakesItsWordsAndNoOthers() {
        for (Route list : lists) {
            for (QueryParameter<?> field : fields(list)) {
                for (String word : words(field)) {
                    assertEquals(
                            list.path() + " " + field.name(),
                            200,
                            get(list, field.name(), word).status());
                    assertReaches(list, field, word);
                }
                if (field.type() != String.class) {
                    Reply refused = get(list, field.name(), "frobnicate");
                    assertEquals(list.path() + " " + field.name(), 400, refused.status());
                    assertTrue(refused.text(), refused.text().contains(field.name()));
                }
            }
        }
    }

    private void assertReaches(Route list, QueryParameter<?> field, String word) {
        if (asked.containsKey(list.path()) && !field.name().equals("sort")) {
            Filter<?> filter = (Filter<?>) asked.get(list.path()).get()[0];
            Map<String, Object> wanted = filter.wanted().entrySet().stream()
                    .collect(Collectors.toMap(each -> ((ListField) each.getKey()).word(), Map.Entry::getValue));
            assertEquals(list.path(), Set.of(field.name()), wanted.keySet());
            String value = wanted.get(field.name()).toString();
            assertEquals(
                    word.replace('-', '_').toLowerCase(),
                    value.replace('-', '_').toLowerCase());
        } else if (asked.containsKey(list.path())) {
            assertEquals(word, ((Sort<?>) asked.get(list.path()).get()[1]).word());
        }
    }

    @Test
    public void everyListRefusesAnUnknownFilterWithThoseThatThereAre() {
        for (Route list : lists) {
            Reply refused = get(list, "frobnicate", "x");
            assertEquals(list.path(), 400, refused.status());
            fields(list)
                    .forEach(field -> assertTrue(refused.text(), refused.text().contains(field.name())));
            Reply unsorted = get(list, "sort", "frobnicate");
            assertEquals(list.path(), 400, unsorted.status());
            words(sort(list)).stream()
                    .filter(word -> !word.startsWith("-"))
                    .forEach(word -> assertTrue(unsorted.text(), unsorted.text().contains(word)));
        }
    }

    @Test
    public void everyFilterIsInTheDocumentWithItsWords() {
        JsonNode document = server.get("/api/v1/openapi.json").json();
        for (Route list : lists) {
            for (QueryParameter<?> field : fields(list)) {
                JsonNode parameter =
                        document.path("paths").path(list.path()).path("get").path("parameters");
                JsonNode found = named(parameter, field.name());
                assertEquals(
                        list.path() + " " + field.name(),
                        "query",
                        found.path("in").asText());
                assertEquals(field.about(), found.path("description").asText());
                List<String> words = new ArrayList<>();
                found.path("schema").path("enum").forEach(word -> words.add(word.asText()));
                assertEquals(field.type().isEnum() ? field.words() : List.of(), words);
            }
        }
    }

    private static JsonNode named(JsonNode parameters, String name) {
        for (JsonNode parameter : parameters) {
            if (parameter.path("name").asText().equals(name)) {
                return parameter;
            }
        }
        throw new AssertionError("no parameter " + name + " in " + parameters);
    }

    @Test
    public void everyFilterIsTypedAsAnOptionThatCompletesItsWords() {
        for (Route list : lists) {
            Verb verb = list.verbs().get(0);
            for (QueryParameter<?> field : fields(list)) {
                Verb.Option option = verb.options().stream()
                        .filter(each -> each.field().equals(field.name()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(verb.words() + " lacks " + field.name()));
                assertEquals(field.words(), option.words());
                assertEquals(Verb.Place.QUERY, option.place());
            }
        }
    }

    private static QueryParameter<?> sort(Route list) {
        return list.query().stream()
                .filter(parameter -> parameter.name().equals("sort"))
                .findFirst()
                .orElseThrow();
    }

    private static List<? extends QueryParameter<?>> fields(Route list) {
        return list.query().stream()
                .filter(parameter -> !OF_EVERY_LIST.contains(parameter.name()))
                .toList();
    }

    private static List<String> words(QueryParameter<?> field) {
        if (!field.words().isEmpty()) {
            return field.words();
        }
        return switch (field.type().getSimpleName()) {
            case "String" -> List.of("something");
            case "Boolean" -> List.of("true", "false");
            case "Instant" -> List.of("2026-01-31T12:00:00Z");
            default -> List.of("7");
        };
    }

    private Reply get(Route list, String name, String value) {
        return server.get(
                "/api/v1" + list.path().replace("{id}", "1").replace("{name}", "admin") + "?" + name + "=" + value);
    }
}
