package org.qrm.core.admission;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.admission.ImportedMachines;
import org.qrm.api.plugin.Question;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

/** The BMCs of a list come with its machines. */
public class ExpectedSettingsTest {

    private static final String SECRET = "hunter2, \"ä\" ";
    private static final String QUOTED = "\"hunter2, \"\"ä\"\" \"";
    private static final String COLUMNS = "mac,ipmi.address,ipmi.password\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private Path key;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        key = folder.getRoot().toPath().resolve("key");
        core.admissions.close();
        for (String plugin : List.of("ipmi", "redfish")) {
            core.database.change(change -> change.handle()
                    .execute(
                            "insert into plugin (id, state, description, version, touched)"
                                    + " values (?, 'ACTIVE', '', '', false)",
                            plugin));
            core.questions.add(new Bmc(plugin));
        }
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void comeWithTheMachine() {
        assertEquals(
                new ImportedMachines(1, 0, 0), core.admissions.expect(COLUMNS + mac(1) + ",10.0.0.1," + QUOTED, false));
        assertFalse(stored(), stored().contains("hunter2"));
        assertTrue(stored(), stored().contains("10.0.0.1"));
        boot(1);
        assertEquals(ResourceState.IDLE, machine(1).state());
        assertEquals(Optional.of(Map.of("address", "10.0.0.1", "port", "623", "password", SECRET)), opened(1, "ipmi"));
        assertEquals(Optional.empty(), opened(1, "redfish"));
        String shown = core.settings
                .list(ObjectKind.RESOURCE, String.valueOf(machine(1).id()))
                .toString();
        assertFalse(shown, shown.contains("hunter2"));
        assertEquals(
                List.of("Resource node-525400000001 was configured for plug-in ipmi, as it was expected"),
                told("resource.configured"));
    }

    @Test
    public void areOfThoseWhoseLineHasSome() {
        core.admissions.expect(
                "redfish.password,mac,redfish.address,ipmi.password,ipmi.address\n"
                        + ("a," + mac(1) + ",10.0.0.1,,\n")
                        + (",".repeat(1) + mac(2) + ",,b,10.0.0.2\n")
                        + ("," + mac(3) + ",,,\n"),
                false);
        for (int number : List.of(1, 2, 3)) {
            boot(number);
        }
        assertEquals(
                "ipmi: [false, true, false], redfish: [true, false, false]",
                "ipmi: " + answered("ipmi") + ", redfish: " + answered("redfish"));
    }

    @Test
    public void aDryRunNamesLinesAndColumnsAndStoresNothing() {
        String list = "# BMCs\n" + COLUMNS.strip() + ",ipmi.port\n"
                + (mac(1) + ",10.0.0.1," + QUOTED + ",\n")
                + (mac(2) + ",-x," + QUOTED + ",\n")
                + (mac(3) + ",10.0.0.3,,many\n");
        for (boolean dryRun : List.of(true, false)) {
            Problem problem = assertThrows(QrmException.class, () -> core.admissions.expect(list, dryRun))
                    .problem();
            assertEquals(Problem.Kind.INVALID, problem.kind());
            assertEquals(
                    "line 4, column ipmi.address: no address; line 5, column ipmi.port: A whole number.;"
                            + " line 5, column ipmi.password: An answer is needed.",
                    problem.reason());
        }
        assertEquals("[]", stored());
        assertEquals(new ImportedMachines(1, 0, 0), core.admissions.expect(COLUMNS + mac(1) + ",10.0.0.1,x", true));
        assertEquals("[]", stored());
    }

    @Test
    public void columnsAreWhatRegisteredPluginsAsk() {
        Map<String, String> told = Map.of(
                "mac,ilo.address", "no plug-in ilo that is registered asks about machines",
                "mac,ipmi.adress", "the plug-in does not ask that",
                "mac,ipmi.", "the plug-in does not ask that",
                "mac,.address", "no plug-in  that is registered",
                "mac,ipmi.address,ipmi.address", "or is there twice");
        told.forEach((columns, reason) -> {
            Problem problem = assertThrows(
                            columns,
                            QrmException.class,
                            () -> core.admissions.expect(columns + "\n" + mac(1) + ",s3cret,s3cret", false))
                    .problem();
            assertEquals("line 1", problem.subject());
            assertTrue(problem.reason(), problem.reason().contains(reason));
            assertFalse(problem.toString(), problem.toString().contains("s3cret"));
        });
    }

    @Test
    public void tellsTheFirstFewOfManyMistakes() {
        StringBuilder list = new StringBuilder(COLUMNS);
        for (int number = 1; number <= 40; number++) {
            list.append(mac(number)).append(",10.0.0.1,\n");
        }
        Problem problem = assertThrows(QrmException.class, () -> core.admissions.expect(list.toString(), true))
                .problem();
        assertTrue(problem.reason(), problem.reason().startsWith("line 2, column ipmi.password: An answer"));
        assertTrue(problem.reason(), problem.reason().endsWith("; and 35 more"));
    }

    @Test
    public void reachMachinesThatWaitAndThoseInThePool() throws Exception {
        boot(1);
        boot(2);
        boot(3);
        core.await(core.resources.act(machine(2).id(), ResourceAction.ADMIT));
        core.await(core.resources.act(machine(3).id(), ResourceAction.ADMIT));
        core.settings.set(
                ObjectKind.RESOURCE,
                String.valueOf(machine(3).id()),
                "ipmi",
                Map.of("address", "10.9.9.9", "password", "own"));
        assertEquals(
                new ImportedMachines(3, 0, 1),
                core.admissions.expect(
                        COLUMNS + mac(1) + ",10.0.0.1,a\n" + mac(2) + ",10.0.0.2,b\n" + mac(3) + ",10.0.0.3,c", false));
        assertEquals("10.0.0.1", opened(1, "ipmi").orElseThrow().get("address"));
        assertEquals("10.0.0.2", opened(2, "ipmi").orElseThrow().get("address"));
        assertEquals(
                "somebody has answered",
                "10.9.9.9",
                opened(3, "ipmi").orElseThrow().get("address"));
    }

    @Test
    public void theLastListCounts() {
        core.admissions.expect(COLUMNS + mac(1) + ",10.0.0.1,a", false);
        assertEquals(new ImportedMachines(0, 1, 0), core.admissions.expect("mac\n" + mac(1), false));
        assertEquals(new ImportedMachines(0, 1, 0), core.admissions.expect(COLUMNS + mac(1) + ",10.0.0.2,b", false));
        boot(1);
        assertEquals(
                Map.of("address", "10.0.0.2", "port", "623", "password", "b"),
                opened(1, "ipmi").orElseThrow());
    }

    @Test
    public void goWithTheMachineThatIsExpectedAndWithThePlugin() {
        core.admissions.expect(
                "mac,ipmi.address,ipmi.password,redfish.address,redfish.password\n" + mac(1) + ",a,b,c,d", false);
        core.database.change(change -> change.handle().execute("delete from plugin where id = 'redfish'"));
        assertFalse(stored(), stored().contains("redfish"));
        long id = core.admissions
                .expected(Filter.all(), Sort.by(ExpectedMachineField.ID), PageRequest.FIRST)
                .items()
                .get(0)
                .id();
        core.admissions.forget(id, Expected.any());
        assertEquals("[]", stored());
    }

    @Test
    public void whatCannotBeOpenedKeepsNobodyOut() throws Exception {
        core.admissions.expect(COLUMNS + mac(1) + ",10.0.0.1,a", false);
        Files.write(key, new byte[32]);
        boot(1);
        assertEquals(ResourceState.IDLE, machine(1).state());
        assertEquals(Optional.empty(), opened(1, "ipmi"));
        assertEquals(
                List.of("Resource node-525400000001 was not configured for plug-in ipmi: the secrets of the list cannot"
                        + " be opened with this server's key"),
                told("resource.configured"));
    }

    private void boot(int number) {
        core.nodes().register(new TestMachine(core::nodes, mac(number), "10.0.1." + number, 2, 1024).registration());
    }

    private static MacAddress mac(int number) {
        return new MacAddress("52:54:00:00:00:%02x".formatted(number));
    }

    private Resource machine(int number) {
        return core.resources.find(mac(number)).orElseThrow();
    }

    private Optional<Map<String, String>> opened(int number, String plugin) {
        return core.settings.open(
                ObjectKind.RESOURCE, String.valueOf(machine(number).id()), plugin);
    }

    private List<Boolean> answered(String plugin) {
        return List.of(1, 2, 3).stream()
                .map(number -> opened(number, plugin).isPresent())
                .toList();
    }

    private List<String> told(String type) {
        return core.database.read(handle -> handle.createQuery("select description from event where type = :type")
                .bind("type", type)
                .mapTo(String.class)
                .list());
    }

    private String stored() {
        return core.database.read(handle -> handle.createQuery("select * from expected_machine_answer order by plugin")
                .mapToMap()
                .list()
                .toString());
    }

    private record Bmc(String plugin) implements ObjectQuestions {
        @Override
        public ObjectKind kind() {
            return ObjectKind.RESOURCE;
        }

        @Override
        public List<Question> questions() {
            return List.of(
                    new Question("address", "Of its BMC", Question.Type.TEXT, "", true, List.of()),
                    new Question("port", "Of its BMC", Question.Type.INTEGER, "623", true, List.of()),
                    new Question("password", "Of the user", Question.Type.SECRET, "", true, List.of()));
        }

        @Override
        public Map<String, String> validate(Map<String, String> answers) {
            return answers.get("address").startsWith("-") ? Map.of("address", "no address") : Map.of();
        }
    }
}
