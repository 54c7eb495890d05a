package org.qrm.core.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.health.HealthResult;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Question;
import org.qrm.api.plugin.WizardAnswers;
import org.qrm.core.Race;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationService;
import org.qrm.core.store.Database;
import org.qrm.core.store.Seal;
import org.qrm.core.store.TestDatabase;

public class PluginServiceTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Map<String, String> ANSWERS = Map.of("gateway", "192.168.1.1", "password", "hush");

    @Rule
    public final TemporaryFolder secrets = new TemporaryFolder();

    @Rule
    public final TemporaryFolder keys = new TemporaryFolder();

    private final Database database = TestDatabase.fresh();
    private final OperationEngine engine = new OperationEngine(database, "test");
    private final OperationService operations = new OperationService(database, engine);
    private final PluginCalls calls = new PluginCalls();
    private final Whiteboard<Plugin> pluginBoard = new Whiteboard<>(calls);
    private final Whiteboard<ConfigurationWizard> wizardBoard = new Whiteboard<>(calls);
    private final FakeConfigurationAdmin admin = new FakeConfigurationAdmin();
    private final Xen xen = new Xen();
    private final XenWizard wizard = new XenWizard();
    private final List<String> settled = Collections.synchronizedList(new ArrayList<>());
    private UnansweredQuestions unanswered;
    private PluginService plugins;

    @Before
    public void start() {
        PluginConfigurations configurations = configurations();
        PresentPlugins present = new PresentPlugins(pluginBoard, wizardBoard, calls, Whiteboard.Refusals.UNHEARD);
        ActingPlugins acting = new ActingPlugins(database, present);
        acting.watch(new ActingPlugins.Watcher() {
            @Override
            public void changed() {}

            @Override
            public void settle() {
                settled.add(String.valueOf(acting.stands("xen", PluginState.REGISTERED))
                        + acting.stands("xen", PluginState.INSTALLED));
            }
        });
        PluginUse use = new PluginUse(id -> id.equals("xen") ? List.of("vault") : List.of());
        unanswered = new UnansweredQuestions(database, present);
        plugins = new PluginService(
                database, engine, operations, calls, present, acting, use, configurations, unanswered, new Seal(key()));
        new PluginSteps(database, calls, present, acting, use, configurations, unanswered, new Seal(key()))
                .kinds()
                .forEach(engine::add);
        engine.start();
        pluginBoard.arrived(xen, 0);
    }

    private Path key() {
        return keys.getRoot().toPath().resolve("database-key");
    }

    private PluginConfigurations configurations() {
        return new PluginConfigurations(admin.service(), secrets.getRoot().toPath());
    }

    @After
    public void stop() {
        engine.close();
        unanswered.close();
        calls.close();
        database.close();
    }

    @Test
    public void aPluginWhoseBundleIsThereIsAvailable() {
        assertEquals(PluginState.AVAILABLE, state());
        assertFalse(plugins.find("xen").orElseThrow().configurable());
        assertTrue(plugins.find("nfs").isEmpty());
    }

    @Test
    public void registeringIsDoneAtOnce() {
        Operation operation = plugins.act("xen", PluginAction.REGISTER);
        assertEquals(OperationState.DONE, operation.state());
        assertEquals(PluginState.REGISTERED, state());
    }

    @Test
    public void ofManyWhoAnswerWhatTheyHaveSeenTheFirstDoes() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.answer("xen", ANSWERS);
        Race.oneWins(
                "answer",
                new WizardAnswers(plugins.answers("xen"), plugins.draft("xen")),
                (number, expected) -> plugins.answer("xen", Map.of("gateway", "10.0.0." + number), expected));
    }

    @Test
    public void aSlowWizardHoldsNobodyElsesAnswers() throws Exception {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        wizard.meanwhile = () -> {
            asked.countDown();
            goOn.await();
        };
        CompletableFuture<QrmException> slow = CompletableFuture.supplyAsync(
                () -> assertThrows(QrmException.class, () -> plugins.answer("xen", ANSWERS)));
        try {
            asked.await();
            wizard.meanwhile = () -> {};
            assertEquals(
                    Map.of(),
                    CompletableFuture.supplyAsync(() -> plugins.answer("xen", ANSWERS))
                            .get(20, TimeUnit.SECONDS));
        } finally {
            goOn.countDown();
        }
        assertEquals(
                "somebody else has answered while these answers were being validated",
                slow.get(20, TimeUnit.SECONDS).problem().reason());
    }

    @Test
    public void whatItBringsActsWhenRegistrationAndInstallationHaveEnded() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        assertEquals(List.of("truefalse"), settled);
        done(PluginAction.INSTALL);
        assertEquals(List.of("truefalse", "truetrue"), settled);
    }

    @Test
    public void isNotUninstalledWhileSomethingNeedsIt() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        Map<String, List<String>> uses = new LinkedHashMap<>();
        uses.put("virtual environments need it: hosts", environment("hosts", "xen", "node", "default"));
        uses.put("virtual environments need it: guests", environment("guests", null, "partition:xen", "default"));
        uses.put("virtual environments need it: booted", environment("booted", null, "node", "dom0"));
        uses.put(
                "storage servers are of its type: shelf",
                List.of("update storage_server set type = 'VAULT'", "update storage_server set type = 'nfs'"));
        uses.put(
                "partitions are made by it: guest-1",
                List.of("update host_partition set plugin = 'xen'", "update host_partition set plugin = 'other'"));
        prepare();
        uses.forEach((why, statements) -> {
            run(statements.get(0));
            QrmException refused =
                    assertThrows(why, QrmException.class, () -> plugins.act("xen", PluginAction.UNINSTALL));
            assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
            assertEquals(why, refused.problem().reason());
            run(statements.get(1));
        });
        assertEquals(List.of("install"), xen.called);
        done(PluginAction.UNINSTALL);
    }

    private void prepare() {
        run("insert into boot_image (name, loader, plugin, description) values ('default', 'LINUX', null, '')");
        run("insert into boot_image (name, loader, plugin, description) values ('dom0', 'LINUX', 'xen', '')");
        run("insert into storage_server (name, type, address, management_address, export_root)"
                + " values ('shelf', 'nfs', '10.0.0.1', '10.0.0.1', '/x')");
        run("insert into filesystem_image (name, storage_server, path, state, reason, size_bytes, description)"
                + " values ('web', 'shelf', '/x/web', 'READY', '', 0, '')");
        run("insert into resource (mac, name, kind, state, reason, cpus, cpu_mhz, memory_mb, nic_count, nics, details,"
                + " load_average, local_boot, version) values ('00:16:3e:00:00:01', 'guest-1', 'PARTITION', 'IDLE', '', 1, 1,"
                + " 1, 1, '[]', '{}', 0, false, 1)");
        run(
                "insert into host_partition (resource_id, host_id, plugin, cpus, cpu_mhz, memory_mb, pinned_cpus, state, reason,"
                        + " wanted) select id, 1, 'other', 1, 1, 1, '', 'RUNNING', '', true from resource");
    }

    /** The statement that makes it, and the one that takes it away. */
    private static List<String> environment(String name, String partitioning, String runsOn, String bootImage) {
        return List.of(
                "insert into environment (name, boot_image, filesystem_image, mode, partitioning, runs_on, cpus, cpu_mhz,"
                        + " memory_mb, nics, kernel_arguments, description, state, reason, version) values ('" + name
                        + "', '"
                        + bootImage + "', 'web', 'MULTI', " + (partitioning == null ? "null" : "'" + partitioning + "'")
                        + ", '" + runsOn + "', 0, 0, 0, 0, '[]', '', 'INACTIVE', '', 1)",
                "delete from environment where name = '" + name + "'");
    }

    private void run(String statement) {
        database.change(change -> change.handle().execute(statement));
    }

    @Test
    public void goesThroughItsLifeAndLeavesNoTrace() throws InterruptedException, IOException {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        assertEquals(Map.of(), plugins.answer("xen", ANSWERS));
        assertEquals(PluginState.CONFIGURED, state());
        done(PluginAction.INSTALL);
        assertEquals(PluginState.INSTALLED, state());
        done(PluginAction.RUN_ONCE);
        assertEquals(PluginState.ACTIVE, state());
        done(PluginAction.UNINSTALL);
        assertEquals(PluginState.AVAILABLE, state());
        assertEquals(List.of("install", "runOnce", "uninstall"), xen.called);
        assertEquals(Map.of(), plugins.answers("xen"));
        eventually(() -> "its configuration goes when that is durable", () -> admin.contents.isEmpty());
        eventually(() -> "its secrets go", () -> secrets.getRoot().list().length == 0);
    }

    @Test
    public void aPluginWithoutAWizardNeedsNoAnswers() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        assertEquals(PluginState.INSTALLED, state());
    }

    @Test
    public void saysWhatIsToBeDoneFirst() {
        wizardBoard.arrived(wizard, 0);
        refused(PluginAction.INSTALL, "Register it first");
        plugins.act("xen", PluginAction.REGISTER);
        refused(PluginAction.INSTALL, "Answer its wizard first");
        refused(PluginAction.RUN_ONCE, "Answer its wizard first");
        plugins.answer("xen", ANSWERS);
        refused(PluginAction.RUN_ONCE, "Install it first");
    }

    @Test
    public void installingAgainGoesOnWithWhatIsThere() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        done(PluginAction.RUN_ONCE);
        done(PluginAction.INSTALL);
        assertEquals(PluginState.ACTIVE, state());
    }

    @Test
    public void runOnceRunsOnce() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        done(PluginAction.RUN_ONCE);
        done(PluginAction.RUN_ONCE);
        assertEquals(List.of("install", "runOnce"), xen.called);
    }

    @Test
    public void anInstallationThatFailsLeavesItWhereItStood() throws InterruptedException {
        xen.failure = QrmException.refused("install", "xen", "no room", "Make some.");
        plugins.act("xen", PluginAction.REGISTER);
        Operation failed = ended(PluginAction.INSTALL);
        assertEquals(OperationState.FAILED, failed.state());
        assertTrue(failed.reason(), failed.reason().contains("no room"));
        assertEquals(PluginState.REGISTERED, state());
    }

    @Test
    public void staysInItsStateWhenItsBundleGoesAndComes() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        done(PluginAction.RUN_ONCE);
        pluginBoard.left(xen);
        assertEquals(PluginState.ACTIVE, state());
        assertFalse(plugins.find("xen").orElseThrow().present());
        assertEquals("Xen hosts", plugins.find("xen").orElseThrow().description());
        assertEquals(
                Problem.Kind.UNAVAILABLE,
                assertThrows(QrmException.class, () -> plugins.act("xen", PluginAction.UNINSTALL))
                        .problem()
                        .kind());
        pluginBoard.arrived(new Xen(), 0);
        assertTrue(plugins.find("xen").orElseThrow().present());
        assertEquals(PluginState.ACTIVE, state());
    }

    @Test
    public void onePluginThatWasNeverInstalledIsForgottenWithoutItsBundle() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        pluginBoard.left(xen);
        done(PluginAction.UNINSTALL);
        assertTrue(plugins.find("xen").isEmpty());
    }

    @Test
    public void anInstallationWaitsForABundleThatIsUpdated() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        Operation asked = plugins.act("xen", PluginAction.INSTALL);
        pluginBoard.left(xen);
        pluginBoard.arrived(new Xen(), 0);
        assertTrue(operations.await(asked.id(), LIMIT).state().ended());
    }

    @Test
    public void answersAreCheckedByTheirTypes() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        Map<String, String> problems =
                plugins.answer("xen", Map.of("gateway", "192.168.1.300", "path", "../etc", "count", "many"));
        assertEquals(List.of("gateway", "path", "count", "password"), new ArrayList<>(problems.keySet()));
        assertEquals(PluginState.REGISTERED, state());
    }

    @Test
    public void answersAreCheckedByTheWizardToo() {
        wizardBoard.arrived(wizard, 0);
        wizard.problems = Map.of("gateway", "It does not answer.");
        plugins.act("xen", PluginAction.REGISTER);
        assertEquals(wizard.problems, plugins.answer("xen", ANSWERS));
        assertEquals(Map.of(), plugins.answers("xen"));
    }

    @Test
    public void answersThatAreNotAcceptedAreKeptToGoOnWith() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.keepDraft("xen", Map.of("path", "not checked"));
        assertEquals(Map.of("path", "not checked"), plugins.draft("xen"));
        wizard.problems = Map.of("gateway", "It does not answer.");
        plugins.answer("xen", ANSWERS);
        assertEquals(ANSWERS.get("gateway"), plugins.draft("xen").get("gateway"));
        assertNull("secrets are not kept", plugins.draft("xen").get("password"));
        wizard.problems = Map.of();
        plugins.answer("xen", ANSWERS);
        assertEquals(Map.of(), plugins.draft("xen"));
    }

    @Test
    public void noDraftIsKeptOfStrangersOrBeforeRegistration() {
        wizardBoard.arrived(wizard, 0);
        assertThrows(QrmException.class, () -> plugins.keepDraft("xen", Map.of("path", "/x")));
        plugins.act("xen", PluginAction.REGISTER);
        assertThrows(QrmException.class, () -> plugins.keepDraft("xen", Map.of("pth", "/x")));
        assertThrows(QrmException.class, () -> plugins.keepDraft("xen", Map.of("path", "x".repeat(2001))));
        assertEquals(Map.of(), plugins.draft("xen"));
    }

    @Test
    public void anAnswerToNoQuestionIsRefused() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        QrmException refused = assertThrows(QrmException.class, () -> plugins.answer("xen", Map.of("gatway", "x")));
        assertEquals(Problem.Kind.INVALID, refused.problem().kind());
    }

    @Test
    public void defaultsFillWhatIsLeftOutAndSecretsStay() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.answer("xen", ANSWERS);
        assertEquals(Map.of(), plugins.answer("xen", Map.of("gateway", "192.168.1.2")));
        assertEquals("/diskimages", plugins.answers("xen").get("path"));
        assertEquals("192.168.1.2", plugins.answers("xen").get("gateway"));
    }

    @Test
    public void aSecretIsInNoAnswerAndNoConfigurationButInAFileOfItsOwn() throws IOException {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.answer("xen", ANSWERS);
        assertNull(plugins.answers("xen").get("password"));
        assertEquals(
                "$[secret:plugin-xen.password]",
                admin.contents.get("org.qrm.plugin.xen").get("password"));
        Path file = secrets.getRoot().toPath().resolve("plugin-xen.password");
        assertEquals("hush", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    public void withoutItsKeyASecretIsAskedForAgain() throws Exception {
        configured();
        Files.delete(key());
        Files.delete(secrets.getRoot().toPath().resolve("plugin-xen.password"));
        plugins.restoreConfigurations();
        plugins.restoreConfigurations();
        assertNull(admin.contents.get("org.qrm.plugin.xen").get("password"));
        assertEquals("192.168.1.1", admin.contents.get("org.qrm.plugin.xen").get("gateway"));
        assertTrue(lastEvent(), lastEvent().contains("without an answer to password: " + key() + " is missing. "));
        assertEquals(1, openEvents());
        refused(PluginAction.INSTALL, "Answer its wizard again");
        Map<String, String> problems = plugins.answer("xen", Map.of("gateway", "192.168.1.1"));
        assertEquals(List.of("password"), new ArrayList<>(problems.keySet()));
        assertTrue(problems.toString(), problems.get("password").contains("is missing"));

        assertEquals(Map.of(), plugins.answer("xen", Map.of("gateway", "192.168.1.1", "password", "new")));
        assertEquals("new", Files.readString(secrets.getRoot().toPath().resolve("plugin-xen.password")));
        assertEquals(0, openEvents());
        done(PluginAction.INSTALL);
    }

    @Test
    public void withoutItsKeyASecretOfWhichThereIsACopyStaysInUse() throws Exception {
        configured();
        Files.write(key(), new byte[32]);
        plugins.restoreConfigurations();
        assertEquals(
                "$[secret:plugin-xen.password]",
                admin.contents.get("org.qrm.plugin.xen").get("password"));
        assertTrue(lastEvent(), lastEvent().contains("is not the key that it was sealed with"));
        assertFalse(lastEvent(), lastEvent().contains("hush"));
    }

    @Test
    public void whenTheKeyIsBackAllIsAsBefore() throws Exception {
        configured();
        byte[] right = Files.readAllBytes(key());
        Files.delete(key());
        plugins.restoreConfigurations();
        assertEquals(1, openEvents());
        Files.write(key(), right);
        plugins.restoreConfigurations();
        assertEquals(0, openEvents());
        done(PluginAction.INSTALL);
    }

    @Test
    public void anInstallationThatFindsItsSecretLostDoesNotCallThePlugin() throws Exception {
        configured();
        pluginBoard.left(xen);
        long asked = database.change(change -> engine.submit(
                change,
                PluginSteps.kind(PluginAction.INSTALL),
                "plugin/xen",
                new PluginSteps.OfPlugin("xen", false),
                List.of("plugin/xen")));
        Files.delete(key());
        pluginBoard.arrived(xen, 0);
        Operation end = operations.await(asked, LIMIT);
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("without an answer to password"));
        assertEquals(List.of(), xen.called);
    }

    private void configured() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        assertEquals(Map.of(), plugins.answer("xen", ANSWERS));
    }

    private int openEvents() {
        return database.read(handle -> handle.createQuery(
                        "select id from event where resolved = false and type = 'plugin.unreadable-answer'")
                .mapTo(Long.class)
                .list()
                .size());
    }

    @Test
    public void anAnswerCannotReferToASecret() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        Map<String, String> problems =
                plugins.answer("xen", Map.of("gateway", "192.168.1.1", "password", "$[secret:tls-key]"));
        assertEquals(List.of("password"), new ArrayList<>(problems.keySet()));
    }

    @Test
    public void answersOutliveTheConfigurations() {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.answer("xen", ANSWERS);
        admin.contents.clear();
        plugins.restoreConfigurations();
        assertEquals("192.168.1.1", admin.contents.get("org.qrm.plugin.xen").get("gateway"));
    }

    @Test
    public void aConfigurationThatAnUninstallationLeftIsRemovedAtTheNextStart() {
        configurations().put("old", Map.of("a", new Answer("b", false)));
        plugins.restoreConfigurations();
        assertEquals(Map.of(), admin.contents);
    }

    @Test
    public void anUninstallationThatThePluginRefusesIsNoWork() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        xen.inTheWay = QrmException.conflict("uninstall plug-in", "xen", "web1 needs it", "Stop it first.");
        refused(PluginAction.UNINSTALL, "web1 needs it. Stop it first.");
        assertEquals(PluginState.INSTALLED, state());
        assertEquals(List.of("install"), xen.called);
        assertEquals(
                2,
                operations
                        .list(Filter.by(OperationField.SUBJECT, "plugin/xen"), PageRequest.FIRST)
                        .items()
                        .size());
    }

    @Test
    public void byForceItGoesWhateverItSays() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        prepare();
        xen.inTheWay = QrmException.conflict("uninstall plug-in", "xen", "it is Sunday", "Wait.");
        xen.failure = new IllegalStateException("no disk");
        refused(PluginAction.UNINSTALL, "it is Sunday. Wait.");
        Operation end = operations.await(
                plugins.act("xen", PluginAction.UNINSTALL, true).id(), LIMIT);
        assertEquals(end.reason(), OperationState.DONE, end.state());
        assertEquals(PluginState.AVAILABLE, state());
        assertTrue(
                operations.log(end.id()).toString(),
                operations.log(end.id()).toString().contains("no disk"));
        assertEquals(
                "Plug-in xen is uninstalled by force. What it made stays: boot images dom0; of files on machines and"
                        + " storage servers only the plug-in knows.",
                lastEvent());
    }

    @Test
    public void byForceItGoesWithoutItsBundleButNotFromWhatNeedsIt() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        prepare();
        pluginBoard.left(xen);
        QrmException refused = assertThrows(QrmException.class, () -> plugins.act("xen", PluginAction.UNINSTALL));
        assertTrue(refused.getMessage(), refused.getMessage().contains("or uninstall it by force"));
        run("update host_partition set plugin = 'xen'");
        assertEquals(
                Problem.Kind.CONFLICT,
                assertThrows(QrmException.class, () -> plugins.act("xen", PluginAction.UNINSTALL, true))
                        .problem()
                        .kind());
        run("update host_partition set plugin = 'other'");
        Operation end = operations.await(
                plugins.act("xen", PluginAction.UNINSTALL, true).id(), LIMIT);
        assertEquals(end.reason(), OperationState.DONE, end.state());
        assertTrue("it is forgotten", plugins.find("xen").isEmpty());
    }

    private String lastEvent() {
        return database.read(handle -> handle.createQuery("select description from event order by id desc")
                .mapTo(String.class)
                .list()
                .get(0));
    }

    @Test
    public void saysWhatAChangeChangesOnceItIsInstalled() throws InterruptedException {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.answer("xen", ANSWERS);
        assertEquals("", plugins.effect("xen"));
        done(PluginAction.INSTALL);
        assertEquals("Hosts that are started from then on have it.", plugins.effect("xen"));
    }

    @Test
    public void aVersionThatAsksMoreNeedsConfigurationUntilItIsAnswered() throws InterruptedException {
        wizardBoard.arrived(wizard, 0);
        plugins.act("xen", PluginAction.REGISTER);
        plugins.answer("xen", ANSWERS);
        done(PluginAction.INSTALL);
        unanswered.round();
        assertEquals(List.of(), plugins.find("xen").orElseThrow().unanswered());
        assertEquals(List.of(), problems());
        assertEquals(HealthResult.Status.OK, unanswered.execute().status());

        wizardBoard.left(wizard);
        wizardBoard.arrived(new NextWizard(), 0);
        unanswered.round();
        assertEquals(List.of("vlan"), plugins.find("xen").orElseThrow().unanswered());
        assertEquals(PluginState.INSTALLED, state());
        assertTrue(problems().toString(), problems().get(0).startsWith("plugin.needs-configuration"));
        assertTrue(
                problems().toString(),
                problems().get(0).contains("no answer to vlan")
                        && problems().get(0).contains("qrm plugin configure xen vlan=…"));
        assertTrue(
                problems().toString(), problems().get(1).contains("does not ask for count, password, path any more"));
        assertEquals(HealthResult.Status.WARN, unanswered.execute().status());
        assertEquals(
                List.of(PluginAction.UNINSTALL),
                plugins.find("xen").orElseThrow().actions());
        refused(PluginAction.INSTALL, "qrm plugin configure xen vlan=…");
        refused(PluginAction.RUN_ONCE, "qrm plugin configure xen vlan=…");
        unanswered.round();
        assertEquals("each is told once", 2, problems().size());

        assertEquals(Map.of(), plugins.answer("xen", Map.of("gateway", "192.168.1.1", "vlan", "7")));
        assertEquals(List.of(), plugins.find("xen").orElseThrow().unanswered());
        assertEquals(List.of(), problems());
        assertEquals(HealthResult.Status.OK, unanswered.execute().status());
        done(PluginAction.RUN_ONCE);
        assertEquals(PluginState.ACTIVE, state());
    }

    @Test
    public void wizardsAndAnswersWakeWhatComparesThem() throws InterruptedException {
        unanswered.start();
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        wizardBoard.arrived(new NextWizard(), 0);
        eventually(() -> "it is told", () -> problems().size() == 1);
        assertEquals(Map.of(), plugins.answer("xen", Map.of("gateway", "192.168.1.1", "vlan", "7")));
        assertEquals(List.of(), problems());
    }

    @Test
    public void whatIsNotAnsweredIsToldOnceAcrossRestartsAndForgottenWithThePlugin() throws InterruptedException {
        plugins.act("xen", PluginAction.REGISTER);
        done(PluginAction.INSTALL);
        wizardBoard.arrived(new NextWizard(), 0);
        unanswered.round();
        assertEquals(1, problems().size());
        assertEquals(
                List.of("gateway", "vlan"), plugins.find("xen").orElseThrow().unanswered());
        PresentPlugins again = new PresentPlugins(pluginBoard, wizardBoard, calls, Whiteboard.Refusals.UNHEARD);
        try (UnansweredQuestions restarted = new UnansweredQuestions(database, again)) {
            restarted.round();
            assertEquals(1, problems().size());
            assertEquals(HealthResult.Status.WARN, restarted.execute().status());
        }
        done(PluginAction.UNINSTALL);
        unanswered.round();
        assertEquals(List.of(), problems());
        assertEquals(HealthResult.Status.OK, unanswered.execute().status());
    }

    /** Events that are not resolved, but for those that tell where a plug-in stands. */
    private List<String> problems() {
        return database.read(handle -> handle.createQuery(
                        "select type, description from event where not resolved and type <> 'plugin.state' order by id")
                .map((row, context) -> row.getString("type") + ": " + row.getString("description"))
                .list());
    }

    private void refused(PluginAction action, String remedy) {
        QrmException refused = assertThrows(QrmException.class, () -> plugins.act("xen", action));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains(remedy));
    }

    private void done(PluginAction action) throws InterruptedException {
        Operation end = ended(action);
        assertEquals(end.reason(), OperationState.DONE, end.state());
    }

    private Operation ended(PluginAction action) throws InterruptedException {
        return operations.await(plugins.act("xen", action).id(), LIMIT);
    }

    private PluginState state() {
        return plugins.find("xen").orElseThrow().state();
    }

    private static final class Xen implements Plugin {

        private final List<String> called = new ArrayList<>();
        private RuntimeException failure;
        private RuntimeException inTheWay;

        @Override
        public String id() {
            return "xen";
        }

        @Override
        public String description() {
            return "Xen hosts";
        }

        @Override
        public void install(WorkContext work) {
            called.add("install");
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void runOnce(WorkContext work) {
            called.add("runOnce");
        }

        @Override
        public void checkUninstall() {
            if (inTheWay != null) {
                throw inTheWay;
            }
        }

        @Override
        public void uninstall(WorkContext work) {
            called.add("uninstall");
            if (failure != null) {
                throw failure;
            }
        }
    }

    private interface Pause {
        void hold() throws InterruptedException;
    }

    /** Of the next version: it asks for something new, and for less. */
    private static final class NextWizard implements ConfigurationWizard {

        @Override
        public String plugin() {
            return "xen";
        }

        @Override
        public List<Question> questions() {
            return List.of(
                    XenWizard.question("gateway", Question.Type.IPV4, ""),
                    XenWizard.question("vlan", Question.Type.INTEGER, ""),
                    XenWizard.question("bridge", Question.Type.NAME, "xenbr0"),
                    new Question("note", "note?", Question.Type.TEXT, "", false, List.of()));
        }
    }

    private static final class XenWizard implements ConfigurationWizard {

        private Map<String, String> problems = Map.of();
        private volatile Pause meanwhile = () -> {};

        @Override
        public String plugin() {
            return "xen";
        }

        @Override
        public List<Question> questions() {
            return List.of(
                    question("gateway", Question.Type.IPV4, ""),
                    question("path", Question.Type.PATH, "/diskimages"),
                    question("count", Question.Type.INTEGER, "1"),
                    question("password", Question.Type.SECRET, ""));
        }

        private static Question question(String name, Question.Type type, String answer) {
            return new Question(name, name + "?", type, answer, true, List.of());
        }

        @Override
        public String effect() {
            return "Hosts that are started from then on have it.";
        }

        @Override
        public Map<String, String> validate(Map<String, String> answers) {
            try {
                meanwhile.hold();
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
            return problems;
        }
    }
}
