package org.qrm.core.settings;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.Seal;
import org.qrm.core.store.TestDatabase;

@RunWith(Parameterized.class)
public class ObjectSettingsServiceTest {

    private static final String SECRET = "hunter2 = ä\"'$\\";
    private static final List<Question> QUESTIONS = List.of(
            new Question("address", "Of its BMC", Question.Type.TEXT, "", true, List.of()),
            new Question("port", "Of its BMC", Question.Type.INTEGER, "623", true, List.of()),
            new Question("password", "Of the user", Question.Type.SECRET, "", true, List.of()));

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind database;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> validated = new ArrayList<>();
    private final PluginCalls calls = new PluginCalls();
    private final Whiteboard<ObjectQuestions> asking =
            new Whiteboard<>(calls, AdmittedQuestions.by(calls), Whiteboard.Refusals.UNHEARD);
    private Database rows;
    private ObjectSettingsService settings;
    private final List<Long> changed = new ArrayList<>();
    private String machine;

    @Before
    public void aMachineAndTwoPlugins() {
        rows = TestDatabase.open(database.freshUrl());
        settings = new ObjectSettingsService(
                rows,
                new ResourceRows(),
                new Seal(folder.getRoot().toPath().resolve("key")),
                asking::services,
                changed::add);
        for (String id : List.of("ipmi", "redfish")) {
            rows.change(change -> change.handle()
                    .execute(
                            "insert into plugin (id, state, description, version, touched)"
                                    + " values (?, 'ACTIVE', '', '', false)",
                            id));
            asking.arrived(new Questions(id), 0);
        }
        machine = machine("52:54:00:00:00:01");
    }

    @After
    public void close() {
        calls.close();
        rows.close();
    }

    @Test
    public void asksWhatPluginsMustKnowAndTellsNoSecret() {
        List<ObjectAnswers> before = settings.list(ObjectKind.RESOURCE, machine);
        assertEquals(
                List.of("ipmi", "redfish"),
                before.stream().map(ObjectAnswers::plugin).toList());
        assertEquals(QUESTIONS, before.get(0).questions());
        assertFalse(before.get(0).answered());
        assertEquals(Map.of(), set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET)));
        ObjectAnswers after = settings.list(ObjectKind.RESOURCE, machine).get(0);
        assertTrue(after.answered());
        assertEquals(Map.of("address", "10.0.0.9", "port", "623"), after.answers());
        assertFalse(settings.list(ObjectKind.RESOURCE, machine).get(1).answered());
        String stored = stored();
        assertTrue(stored, stored.contains("10.0.0.9"));
        assertFalse(stored, stored.contains("hunter2"));
    }

    @Test
    public void thePluginGetsAllOfIt() {
        assertEquals(Optional.empty(), open("ipmi"));
        set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET));
        assertEquals(Optional.of(Map.of("address", "10.0.0.9", "port", "623", "password", SECRET)), open("ipmi"));
        assertEquals(Optional.empty(), open("redfish"));
        assertEquals(Optional.empty(), settings.open(ObjectKind.RESOURCE, "no number", "ipmi"));
    }

    @Test
    public void aSecretThatIsLeftOutStaysAndTheRestIsNew() {
        set("ipmi", Map.of("address", "10.0.0.9", "port", "624", "password", SECRET));
        assertEquals(Map.of(), set("ipmi", Map.of("address", "10.0.0.10")));
        assertEquals(
                Map.of("address", "10.0.0.10", "port", "623", "password", SECRET),
                open("ipmi").orElseThrow());
        changed.clear();
        settings.clear(ObjectKind.RESOURCE, machine, "ipmi");
        assertEquals("who asks it in the background hears of that", List.of(Long.valueOf(machine)), changed);
        assertEquals(Optional.empty(), open("ipmi"));
        settings.clear(ObjectKind.RESOURCE, machine, "ipmi");
        assertEquals("no secret is left of before", List.of("password"), wrong("ipmi", Map.of("address", "x")));
    }

    @Test
    public void whatIsWrongChangesNothing() {
        set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET));
        String before = stored();
        assertEquals(List.of("port"), wrong("ipmi", Map.of("address", "10.0.0.9", "port", "many")));
        assertEquals(List.of("address"), wrong("ipmi", Map.of()));
        validated.clear();
        assertEquals("the plug-in looks, too", List.of("address"), wrong("ipmi", Map.of("address", "-x")));
        assertEquals(List.of("-x"), validated);
        assertEquals(Problem.Kind.INVALID, refused(() -> set("ipmi", Map.of("adress", "10.0.0.9"))));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> set("nobody", Map.of())));
        assertEquals(
                Problem.Kind.NOT_FOUND,
                refused(() -> settings.set(ObjectKind.RESOURCE, "99", "ipmi", Map.of("address", "x"))));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> settings.list(ObjectKind.RESOURCE, "99")));
        assertEquals(
                "too long together",
                Problem.Kind.INVALID,
                refused(() -> set("ipmi", Map.of("address", "x", "password", "\uffe6".repeat(2000) + "x".repeat(2000)))
                        .forEach((question, why) -> {
                            throw QrmException.invalid("set", question, why, "");
                        })));
        assertEquals(before, stored());
    }

    /** Passwords that a form, a configuration, a shell or SQL would take for more than a word. */
    @Test
    public void aPasswordMayBeOfAnyCharacters() {
        for (String password :
                List.of("$[env:HOME]", "${HOME}", "`id`", "a'b\"c", "%s\\n", "  x ", "$", "?&#/", "ß€😀")) {
            assertEquals(password, Map.of(), set("ipmi", Map.of("address", "x", "password", password)));
            assertEquals(password, open("ipmi").orElseThrow().get("password"));
        }
    }

    @Test
    public void theLongestSecretFits() {
        String longest = "\uffe6".repeat(2000);
        assertEquals(Map.of(), set("ipmi", Map.of("address", "x", "password", longest)));
        assertEquals(longest, open("ipmi").orElseThrow().get("password"));
    }

    @Test
    public void anotherKeyOpensNothingAndASecretCanBeGivenAnew() throws Exception {
        set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET));
        Files.write(folder.getRoot().toPath().resolve("key"), new byte[32]);
        assertEquals(Problem.Kind.FAILED, refused(() -> open("ipmi")));
        assertEquals(
                Map.of("address", "10.0.0.9", "port", "623"),
                settings.list(ObjectKind.RESOURCE, machine).get(0).answers());
        assertEquals(List.of("password"), wrong("ipmi", Map.of("address", "10.0.0.9")));
        set("ipmi", Map.of("address", "10.0.0.9", "password", "new"));
        assertEquals("new", open("ipmi").orElseThrow().get("password"));
    }

    @Test
    public void whatWasSealedForAnotherMachineDoesNotOpen() {
        set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET));
        String other = machine("52:54:00:00:00:02");
        rows.change(change -> change.handle().execute("update resource_answer set resource_id = " + other));
        assertEquals(Problem.Kind.FAILED, refused(() -> settings.open(ObjectKind.RESOURCE, other, "ipmi")));
    }

    @Test
    public void goesWithTheMachineAndWithThePlugin() {
        set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET));
        set("redfish", Map.of("address", "10.0.0.9", "password", SECRET));
        rows.change(change -> change.handle().execute("delete from plugin where id = 'redfish'"));
        assertFalse(stored(), stored().contains("redfish"));
        rows.change(change -> change.handle().execute("delete from resource"));
        assertEquals("[]", stored());
    }

    @Test
    public void aPluginThatIsAwayLosesNothing() {
        set("ipmi", Map.of("address", "10.0.0.9", "password", SECRET));
        List.copyOf(asking.services())
                .forEach(each -> asking.left((ObjectQuestions) ((AdmittedQuestions) each).original()));
        assertEquals(List.of(), settings.list(ObjectKind.RESOURCE, machine));
        asking.arrived(new Questions("ipmi"), 0);
        assertTrue(settings.list(ObjectKind.RESOURCE, machine).get(0).answered());
    }

    @Test
    public void proposesWhatTheMachineToldOfItself() {
        told("{\"bmc-address\":\"10.9.0.1\"}");
        assertEquals("10.9.0.1", proposed("address"));
        assertEquals("623", proposed("port"));
        assertEquals("", proposed("password"));
        assertEquals("left out, it is the answer", Map.of(), set("ipmi", Map.of("password", SECRET)));
        assertEquals("10.9.0.1", open("ipmi").orElseThrow().get("address"));
        told("{\"bmc-address\":\"10.9.0.2\"}");
        assertEquals(
                "what was answered stays",
                "10.9.0.1",
                open("ipmi").orElseThrow().get("address"));
    }

    @Test
    public void proposesNothingThatIsNotFit() {
        for (String told : List.of("throw", "null", "10.9.0.1\\u202e", "x".repeat(201))) {
            told("{\"bmc-address\":\"" + told + "\"}");
            assertEquals(told, "", proposed("address"));
        }
    }

    private void told(String details) {
        rows.change(change -> change.handle().execute("update resource set details = ?", details));
    }

    private String proposed(String question) {
        return settings.list(ObjectKind.RESOURCE, machine).get(0).questions().stream()
                .filter(each -> each.name().equals(question))
                .findFirst()
                .orElseThrow()
                .defaultAnswer();
    }

    private Map<String, String> set(String plugin, Map<String, String> answers) {
        return settings.set(ObjectKind.RESOURCE, machine, plugin, answers);
    }

    private List<String> wrong(String plugin, Map<String, String> answers) {
        return List.copyOf(set(plugin, answers).keySet());
    }

    private Optional<Map<String, String>> open(String plugin) {
        return settings.open(ObjectKind.RESOURCE, machine, plugin);
    }

    private static Problem.Kind refused(Runnable attempt) {
        return assertThrows(QrmException.class, attempt::run).problem().kind();
    }

    private String machine(String mac) {
        rows.change(change -> change.handle()
                .execute(
                        "insert into resource (mac, name, kind, state, reason, cpus, cpu_mhz, memory_mb, nic_count, nics, details,"
                                + " load_average, local_boot, version)"
                                + " values (?, ?, 'NODE', 'IDLE', '', 1, 1, 1, 1, '[]', '{}', 0, false, 1)",
                        mac,
                        mac));
        return rows.read(handle -> handle.createQuery("select id from resource where mac = :mac")
                .bind("mac", mac)
                .mapTo(String.class)
                .one());
    }

    private String stored() {
        return rows.read(handle -> handle.createQuery("select * from resource_answer order by plugin")
                .mapToMap()
                .list()
                .toString());
    }

    private final class Questions implements ObjectQuestions {
        private final String plugin;

        Questions(String plugin) {
            this.plugin = plugin;
        }

        @Override
        public String plugin() {
            return plugin;
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.RESOURCE;
        }

        @Override
        public List<Question> questions() {
            return QUESTIONS;
        }

        @Override
        public Map<String, String> proposals(Resource resource) {
            String told = resource.hardware().details().getOrDefault(Hardware.BMC_ADDRESS, "");
            return switch (told) {
                case "" -> Map.of();
                case "throw" -> throw new IllegalStateException("broken");
                case "null" -> null;
                default -> Map.of("address", told, "password", told, "nonsense", told);
            };
        }

        @Override
        public Map<String, String> validate(Map<String, String> answers) {
            validated.add(answers.get("address"));
            return answers.get("address").startsWith("-") ? Map.of("address", "That is an option.") : Map.of();
        }
    }
}
