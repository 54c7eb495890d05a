package org.qrm.core.admission;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
import org.qrm.api.Tag;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.admission.ImportedMachines;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.ResourceRows;

/** A machine that nobody admitted gets nothing, and cannot hurt those who were. */
public class AdmissionTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<MacAddress, Registered> last = new ConcurrentHashMap<>();
    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        core.admissions.close();
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void aStrangerWaitsAndIsNeverPlaced() {
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        Registered stranger = boot(registration(1, "SN-1"));
        assertEquals(ResourceState.NEW, state(1));
        assertEquals("waits to be admitted", resource(1).reason());
        Problem refused = assertThrows(QrmException.class, () -> core.environments.start("web", StartRequest.ANYWHERE))
                .problem();
        assertTrue(refused.reason(), refused.reason().contains("it is new, and waits to be admitted"));
        assertThrows(
                QrmException.class,
                () -> core.environments.start("web", new StartRequest(List.of(stranger.resource()), 1)));
        assertEquals(
                "A new machine waits to be admitted: 52:54:00:00:00:01 at 10.0.1.1, ACME Box, serial number SN-1, UUID "
                        + uuid(1),
                open("resource.new").get(0));
        report(stranger);
        assertEquals(ResourceState.NEW, state(1));
    }

    @Test
    public void whatWaitsIsToldOfOnceHoweverOftenItBoots() {
        for (int boot = 0; boot < 3; boot++) {
            boot(registration(1, "SN-1"));
        }
        assertEquals(1, open("resource.new").size());
        assertEquals(1, core.admissions.waiting());
    }

    @Test
    public void anAdmittedMachineIsIdleAtOnceAndStaysAdmitted() throws Exception {
        Registered machine = boot(registration(1, "SN-1"));
        core.await(core.resources.act(machine.resource(), ResourceAction.ADMIT));
        assertEquals(ResourceState.IDLE, state(1));
        assertEquals(List.of(), open("resource.new"));
        boot(registration(1, "SN-1"));
        assertEquals(ResourceState.IDLE, state(1));
        assertThrows(QrmException.class, () -> core.resources.act(machine.resource(), ResourceAction.ADMIT));
    }

    @Test
    public void oneThatIsAdmittedWhileItIsSilentIsIdleWhenItIsHeardOf() throws Exception {
        Registered machine = boot(registration(1, "SN-1"));
        long before = System.currentTimeMillis();
        report(machine);
        eventually(
                () -> "the watch has written when it was heard of",
                () -> resource(1).lastSeen().toEpochMilli() >= before);
        lastSeenAgo(Duration.ofMinutes(10));
        core.await(core.resources.act(machine.resource(), ResourceAction.ADMIT));
        assertEquals(ResourceState.NEW, state(1));
        assertEquals("admitted, but not heard of since", resource(1).reason());
        // what is remembered of its rows goes just after they are committed
        eventually(() -> "it is idle once it is heard of", () -> {
            report(machine);
            return state(1) == ResourceState.IDLE;
        });
    }

    @Test
    public void maintenanceAndLocalBootAreNoWayAround() {
        Registered machine = boot(registration(1, "SN-1"));
        for (ResourceAction action : List.of(
                ResourceAction.MAINTENANCE, ResourceAction.LOCAL_BOOT, ResourceAction.RESUME, ResourceAction.REBOOT)) {
            assertThrows(action.word(), QrmException.class, () -> core.resources.act(machine.resource(), action));
        }
        core.database.change(change ->
                change.handle().execute("update resource set state = 'OFF' where id = ?", machine.resource()));
        boot(registration(1, "SN-1"));
        assertEquals(ResourceState.NEW, state(1));
    }

    @Test
    public void aWindowAdmitsAsManyAsWereSaidHoweverManyComeAtOnce() throws Exception {
        core.admissions.open(Duration.ofMinutes(5), 3);
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Registered>> all = new ArrayList<>();
        for (int number = 1; number <= 8; number++) {
            Registration registration = registration(number, "SN-" + number);
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    go.await();
                } catch (InterruptedException ended) {
                    throw new IllegalStateException(ended);
                }
                return boot(registration);
            }));
        }
        go.countDown();
        all.forEach(CompletableFuture::join);
        assertEquals(Map.of(ResourceState.IDLE, 3L, ResourceState.NEW, 5L), core.resources.countByState());
        assertTrue(core.admissions.window().isEmpty());
    }

    @Test
    public void theWindowIsTheSameAfterTheServerWasKilledAndEndsByItself() {
        core.admissions.open(Duration.ofMinutes(5), 3);
        core.crash();
        assertEquals(3, core.admissions.window().orElseThrow().machines());
        core.database.change(change -> change.handle().execute("update admission_window set ends = 1"));
        boot(registration(1, "SN-1"));
        assertEquals(ResourceState.NEW, state(1));
    }

    @Test
    public void lengthsAndNumbersOfAWindowHaveBounds() {
        assertInvalid(() -> core.admissions.open(Duration.ofSeconds(59), 1));
        assertInvalid(() -> core.admissions.open(Duration.ofDays(8), 1));
        assertInvalid(() -> core.admissions.open(Duration.ofMinutes(1), 0));
        assertInvalid(() -> core.admissions.open(Duration.ofMinutes(1), 100_001));
    }

    @Test
    public void whatIsExpectedMustAllBeTrue() {
        String mac = "52:54:00:00:00:01";
        record Case(String line, boolean admitted) {}
        List<Case> cases = List.of(
                new Case(mac + ",,,", true),
                new Case("52-54-00-00-00-01,,,", true),
                new Case("52:54:00:01:00:01,,,", true), // its second card
                new Case("," + uuid(1).toUpperCase(java.util.Locale.ROOT) + ",,", true),
                new Case(",,SN-1,", true),
                new Case(mac + "," + uuid(1) + ",SN-1,rack7-u3", true),
                new Case(mac + "," + uuid(2) + ",,", false),
                new Case(mac + ",,SN-2,", false),
                new Case("52:54:00:00:00:02,,SN-1,", false),
                new Case(",,sn-1,", false));
        for (Case each : cases) {
            core.admissions.expect("mac,uuid,serial,name\n" + each.line, false);
            boot(registration(1, "SN-1"));
            assertEquals(each.line, each.admitted ? ResourceState.IDLE : ResourceState.NEW, state(1));
            if (each.line.endsWith("rack7-u3")) {
                assertEquals("rack7-u3", resource(1).name());
            }
            core.database.change(change -> change.handle().execute("delete from resource"));
            core.database.change(change -> change.handle().execute("delete from expected_machine"));
        }
    }

    @Test
    public void whoSaysThatItHasTheCardOfAMachineThatIsInThePoolWaits() {
        core.admissions.expect("mac\n" + mac(1), false);
        boot(registration(1, "SN-1"));
        assertEquals(ResourceState.IDLE, state(1));
        Registration stranger = registration(66, "SN-66");
        Registration claiming = new Registration(
                stranger.token(),
                stranger.bootId(),
                stranger.mac(),
                stranger.image(),
                new Hardware(
                        1,
                        1000,
                        1024,
                        List.of(
                                new NetworkCard(mac(66), "eth0", "e1000", 1000),
                                new NetworkCard(mac(1), "eth1", "e1000", 1000)),
                        Map.of()),
                stranger.address(),
                stranger.sshHostKey(),
                stranger.execdPort());
        boot(claiming);
        assertEquals(ResourceState.NEW, state(66));
    }

    @Test
    public void aLineOfTheListAdmitsOneMachine() {
        core.admissions.expect("serial\nSN-1", false);
        boot(registration(1, "SN-1"));
        boot(registration(66, "SN-1"));
        assertEquals(List.of(ResourceState.IDLE, ResourceState.NEW), List.of(state(1), state(66)));
        assertEquals(0, core.admissions.expect("serial\nSN-1", false).admitted());
        assertEquals(ResourceState.NEW, state(66));
    }

    @Test
    public void aListAdmitsThoseThatWait() {
        boot(registration(1, "SN-1"));
        boot(registration(2, "SN-2"));
        assertEquals(new ImportedMachines(2, 0, 1), core.admissions.expect("serial\nSN-2\nSN-3\n", true));
        assertEquals(0, list().size());
        assertEquals(ResourceState.NEW, state(2));
        assertEquals(new ImportedMachines(2, 0, 1), core.admissions.expect("serial\nSN-2\nSN-3\n", false));
        assertEquals(ResourceState.IDLE, state(2));
        assertEquals(ResourceState.NEW, state(1));
        assertEquals(new ImportedMachines(1, 2, 0), core.admissions.expect("serial\nSN-2\nSN-3\nSN-4", false));
        core.admissions.forget(list().get(0).id(), Expected.any());
        assertEquals(2, list().size());
        assertEquals(ResourceState.IDLE, state(2));
    }

    @Test
    public void listsAreReadAsSpreadsheetsWriteThem() {
        assertEquals(
                new ImportedMachines(3, 0, 0),
                core.admissions.expect(
                        "\uFEFF# rack 7\r\nName, Serial ,MAC\r\n\r\n\"a1\",\"S \"\"1\"\"\",52:54:00:00:00:11\r\n"
                                + " b2 , S 2 ,\r\nc3,\"S,3\", 52:54:00:00:00:13",
                        false));
        assertEquals(
                List.of("a1 S \"1\" 52:54:00:00:00:11", "b2 S 2 null", "c3 S,3 52:54:00:00:00:13"),
                list().stream()
                        .map(each -> each.name() + " " + each.serial() + " " + each.mac())
                        .toList());
    }

    @Test
    public void aMachineHasTheTagsThatItIsExpectedWith() {
        boot(registration(1, "SN-1"));
        String list = "mac,tags,name,owner\n" + mac(1) + ",rack=7 gpu,,\"ann, of storage\"\n" + mac(2) + ",rack=8,db,";
        assertEquals(new ImportedMachines(2, 0, 1), core.admissions.expect(list, false));
        assertEquals(new ImportedMachines(0, 2, 0), core.admissions.expect(list, false));
        boot(registration(2, "SN-2"));
        assertEquals("gpu rack=7", Tag.line(resource(1).tags()));
        assertEquals("ann, of storage", resource(1).remark().owner());
        assertEquals("", resource(2).remark().owner());
        assertEquals(
                "db rack=8", resource(2).name() + " " + Tag.line(resource(2).tags()));
    }

    @Test
    public void aLineThatIsWrongIsNamedAndNothingIsExpected() {
        Map<String, String> wrong = Map.ofEntries(
                Map.entry("", ""),
                Map.entry("mac", ""),
                Map.entry("mac,colour\n52:54:00:00:00:11,red", "line 1"),
                Map.entry("mac,mac\n1,2", "line 1"),
                Map.entry("52:54:00:00:00:11", "line 1"),
                Map.entry("mac,name\n52:54:00:00:00:11,a\n52:54:00:00:00:12", "line 3"),
                Map.entry("mac\n52:54:00:00:00:11\nff:ff:ff:ff:ff:ff", "line 3"),
                Map.entry("mac\n\n# no\nnonsense", "line 4"),
                Map.entry("mac,name\n52:54:00:00:00:11,\"a", "line 2"),
                Map.entry("mac,name\n52:54:00:00:00:11,\"a\"b", "line 2"),
                Map.entry("mac,name\n,a", "a"),
                Map.entry("uuid\nnot-a-uuid", "not-a-uuid"),
                Map.entry("mac,name\n52:54:00:00:00:11,no/name", "no/name"),
                Map.entry("mac,name\n52:54:00:00:00:11,12", "12"),
                Map.entry("mac,tags\n52:54:00:00:00:11,gpu rack=", "line 2"),
                Map.entry("mac,owner\n52:54:00:00:00:11," + "o".repeat(121), "line 2"),
                Map.entry("mac,tags\n52:54:00:00:00:11,rack=7 rack=8", "line 2"));
        wrong.forEach((csv, subject) -> {
            Problem problem = assertThrows(csv, QrmException.class, () -> core.admissions.expect(csv, false))
                    .problem();
            assertEquals(csv, Problem.Kind.INVALID, problem.kind());
            assertEquals(csv, subject, problem.subject());
        });
        assertConflict("mac,name\n52:54:00:00:00:11,a\n52:54:00:00:00:11,b");
        assertConflict("mac,name\n52:54:00:00:00:11,a\n52:54:00:00:00:12,a");
        assertConflict("mac,tags\n52:54:00:00:00:11,a\n52:54:00:00:00:11,b");
        assertEquals(0, list().size());
    }

    @Test
    public void oneAddressEnrolsAFewAndNoMore() {
        for (int number = 1; number <= Newcomers.MOST_OF_ADDRESS; number++) {
            TestMachine.goesDown(core.nodes(), boot(registration(number, "SN", "10.0.9.9")));
        }
        Registration more = registration(100, "SN", "10.0.9.9");
        assertEquals(
                Problem.Kind.REFUSED,
                assertThrows(QrmException.class, () -> core.nodes().register(more))
                        .problem()
                        .kind());
        assertTrue(core.resources.find(more.mac()).isEmpty());
        TestMachine.goesDown(core.nodes(), boot(registration(1, "SN", "10.0.9.9")));
        boot(registration(101, "SN", "10.0.9.10"));
        core.admissions.expect("mac\n" + more.mac(), false);
        boot(registration(100, "SN", "10.0.9.9"));
        assertEquals(ResourceState.IDLE, state(100));
    }

    @Test
    public void thoseThatMatchAreAdmittedAndNoOthers() {
        for (int number = 1; number <= 3; number++) {
            boot(registration(number, "SN-" + number));
        }
        assertEquals(0, core.admissions.admitWaiting("SN-4"));
        for (String text : List.of("sn-1", "10.0.1.2", mac(3).value().toUpperCase(Locale.ROOT))) {
            assertEquals(text, 1, core.admissions.admitWaiting(text));
            assertEquals(text, 0, core.admissions.admitWaiting(text));
        }
        for (int number = 1; number <= 3; number++) {
            assertEquals(ResourceState.IDLE, state(number));
        }
        boot(registration(4, "SN-4"));
        boot(registration(5, "SN-5"));
        assertEquals(2, core.admissions.admitWaiting("acme"));
    }

    @Test
    public void thereWaitSoManyInAllAndNoMore() {
        Newcomers three =
                new Newcomers(core.database, new ResourceRows(), null, CoreFixture.QUICK, Clock.systemUTC(), 3);
        for (int number = 1; number <= 3; number++) {
            Registration one = registration(number, "SN-" + number);
            three.refuseIfTooMany(one);
            boot(one);
        }
        QrmException refused = assertThrows(QrmException.class, () -> three.refuseIfTooMany(registration(4, "SN-4")));
        assertEquals(Problem.Kind.REFUSED, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains("3 new machines wait to be admitted already"));
        core.admissions.dropWaiting();
        three.refuseIfTooMany(registration(4, "SN-4"));
    }

    @Test
    public void thoseThatWaitAreAdmittedOrDroppedAllAtOnce() {
        boot(registration(1, "SN-1"));
        boot(registration(2, "SN-2"));
        assertEquals(2, core.admissions.dropWaiting());
        assertTrue(core.resources.find(mac(1)).isEmpty());
        assertEquals(List.of(), open("resource.new"));
        boot(registration(1, "SN-1"));
        assertEquals(1, core.admissions.admitWaiting());
        assertEquals(ResourceState.IDLE, state(1));
        assertEquals(0, core.admissions.dropWaiting());
        assertEquals(ResourceState.IDLE, state(1));
    }

    @Test
    public void whatIsNotHeardOfIsForgottenUnlessItWasAdmitted() throws Exception {
        boot(registration(1, "SN-1"));
        Registered admitted = boot(registration(2, "SN-2"));
        lastSeenAgo(Duration.ofMinutes(61));
        core.await(core.resources.act(admitted.resource(), ResourceAction.ADMIT));
        new Newcomers(core.database, new ResourceRows(), null, CoreFixture.QUICK, Clock.systemUTC()).forgetOld();
        assertTrue(core.resources.find(mac(1)).isEmpty());
        assertEquals(ResourceState.NEW, state(2));
    }

    @Test
    public void aNameThatIsTakenIsToldAndKeepsNobodyOut() {
        core.admissions.expect("mac,name\n" + mac(1) + ",db", false);
        boot(registration(1, "SN-1"));
        core.admissions.forget(list().get(0).id(), Expected.any());
        core.admissions.expect("mac,name\n" + mac(2) + ",db", false);
        boot(registration(2, "SN-2"));
        assertEquals(ResourceState.IDLE, state(2));
        assertEquals("node-525400000002", resource(2).name());
        assertEquals(1, open("resource.name").size());
    }

    private Registered boot(Registration registration) {
        Registered up = core.nodes().register(registration);
        last.put(registration.mac(), up);
        return up;
    }

    private Registration registration(int number, String serial) {
        return registration(number, serial, "10.0.1." + number);
    }

    private Registration registration(int number, String serial, String address) {
        Registered up = last.remove(mac(number));
        if (up != null && core.resources.find(up.resource()).isPresent()) {
            TestMachine.goesDown(core.nodes(), up);
        }
        Registration plain = new TestMachine(core::nodes, mac(number), address, 2, 1024).registration();
        return new Registration(
                plain.token(),
                plain.bootId(),
                plain.mac(),
                plain.image(),
                new Hardware(
                        2,
                        2000,
                        1024,
                        List.of(
                                new NetworkCard(mac(number), "eth0", "e1000", 1000),
                                new NetworkCard(
                                        new MacAddress("52:54:00:01:00:%02x".formatted(number)), "eth1", "e1000", 0)),
                        Map.of("vendor", "ACME", "product", "Box", "serial", serial, "uuid", uuid(number))),
                plain.address(),
                plain.sshHostKey(),
                plain.execdPort());
    }

    private static MacAddress mac(int number) {
        return new MacAddress("52:54:00:00:00:%02x".formatted(number));
    }

    private static String uuid(int number) {
        return new UUID(0x1234, number).toString();
    }

    private Resource resource(int number) {
        return core.resources.find(mac(number)).orElseThrow();
    }

    private ResourceState state(int number) {
        return resource(number).state();
    }

    private void report(Registered machine) {
        core.nodes()
                .report(
                        new Report(machine.resource(), machine.nodeToken(), NodeState.IDLE, 0.1, 100, 1, ""),
                        Duration.ZERO);
    }

    private void lastSeenAgo(Duration ago) {
        core.database.change(change -> change.handle()
                .execute("update resource set last_seen = ?", System.currentTimeMillis() - ago.toMillis()));
    }

    private List<ExpectedMachine> list() {
        return core.admissions
                .expected(Filter.all(), Sort.by(ExpectedMachineField.ID), PageRequest.FIRST)
                .items();
    }

    private List<String> open(String type) {
        return core.openEvents(type);
    }

    private void assertConflict(String csv) {
        assertEquals(
                Problem.Kind.CONFLICT,
                assertThrows(csv, QrmException.class, () -> core.admissions.expect(csv, false))
                        .problem()
                        .kind());
    }

    private static void assertInvalid(org.junit.function.ThrowingRunnable wrong) {
        assertEquals(
                Problem.Kind.INVALID,
                assertThrows(QrmException.class, wrong).problem().kind());
    }
}
