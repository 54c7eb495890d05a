package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

public class SecretArgumentsTest {

    private static final String SECRET = "hunter2 = ä\"'$\\";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private TestMachine machine;

    @Before
    public void anEnvironmentWithASecret() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environments.setSecretArgument("web", "db.pw", SECRET);
        machine = new TestMachine(core::nodes, 1, 2, 1024).powerOn();
        core.awaitIdle(machine);
    }

    @After
    public void close() {
        machine.close();
        core.close();
    }

    @Test
    public void itsMachineIsToldAndNoBootLoader() throws Exception {
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals(List.of("db.pw=" + SECRET), machine.told());
        machine.shutDown();
        assertFalse(machine.bootOrder().toString().contains("hunter2"));
    }

    @Test
    public void itsMachineIsToldWhatPluginsHaveItToldAndTheAdministratorHasTheLastWord() throws Exception {
        core.listeners.add(tells(Map.of("xen.gateway", "10.77.0.1", "db.pw", "of the plug-in")));
        core.listeners.add(tells(Map.of("other", "hunter3")));
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals(List.of("db.pw=" + SECRET, "other=hunter3", "xen.gateway=10.77.0.1"), machine.told());
        String rows = rows("assignment_secret");
        assertTrue(rows, rows.contains("xen.gateway"));
        assertFalse(rows, rows.contains("hunter3") || rows.contains("10.77"));
        machine.shutDown();
        String order = machine.bootOrder().toString();
        assertFalse(order, order.contains("hunter") || order.contains("10.77"));
        core.await(core.environments.stop("web", true));
        assertEquals("[]", rows("assignment_secret"));
    }

    @Test
    public void whatPluginsCannotHaveItToldFailsTheStartAndIsNotRepeated() throws Exception {
        Map<String, String> many = new HashMap<>();
        IntStream.range(0, 33).forEach(number -> many.put("more" + number, "hunter2"));
        Map<String, List<AssignmentListener>> wrong = Map.of(
                "answered no secret arguments", List.of(tells(null)),
                "so does another one", List.of(tells(Map.of("a", "hunter2")), tells(Map.of("a", "hunter2"))),
                "33 arguments, of 32", List.of(tells(many)),
                "control character", List.of(tells(Map.of("a", "hunter2\n"))),
                "no name of an argument", List.of(tells(Map.of("a b", "hunter2"))));
        for (Map.Entry<String, List<AssignmentListener>> each : wrong.entrySet()) {
            core.listeners.addAll(each.getValue());
            Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
            assertEquals(OperationState.FAILED, start.state());
            assertTrue(start.reason(), start.reason().contains(each.getKey()));
            assertTrue("it names who does: " + start.reason(), start.reason().contains("istener"));
            assertFalse(start.reason(), start.reason().contains("hunter2"));
            core.listeners.removeAll(each.getValue());
            eventually(
                    () -> "the machine is idle again",
                    () -> core.resources.find(machine.mac()).orElseThrow().state() == ResourceState.IDLE);
        }
    }

    private static AssignmentListener tells(Map<String, String> arguments) {
        return new AssignmentListener() {
            @Override
            public Map<String, String> secretArguments(Assignment assignment, WorkContext work) {
                return arguments;
            }
        };
    }

    private String rows(String table) {
        return core.database.read(handle ->
                handle.createQuery("select * from " + table).mapToMap().list().toString());
    }

    @Test
    public void nobodyIsToldItsValue() {
        VirtualEnvironment web = core.environments.find("web").orElseThrow();
        assertEquals(List.of("db.pw"), web.secretArguments());
        assertFalse(web.toString().contains("hunter2"));
        String rows = rows("environment_secret");
        assertTrue(rows, rows.contains("db.pw"));
        assertFalse(rows, rows.contains("hunter2"));
    }

    @Test
    public void itIsSetAnewAndRemoved() throws Exception {
        core.environments.setSecretArgument("web", "db.pw", "other");
        core.environments.setSecretArgument("web", "api", "key");
        core.crash();
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(List.of("api=key", "db.pw=other"), machine.told());
        core.await(core.environments.stop("web", false));
        core.environments.removeSecretArgument("web", "db.pw");
        assertEquals(List.of("api"), core.environments.find("web").orElseThrow().secretArguments());
        QrmException gone =
                assertThrows(QrmException.class, () -> core.environments.removeSecretArgument("web", "db.pw"));
        assertEquals(Problem.Kind.NOT_FOUND, gone.problem().kind());
        core.environments.delete("web");
    }

    @Test
    public void anEnvironmentWhoseSecretCannotBeReadIsNotStarted() throws Exception {
        Path key = folder.getRoot().toPath().resolve("database-key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        byte[] right = Files.readAllBytes(key);
        Files.write(key, new byte[32]);
        assertRefused("is not the key that it was sealed with");
        Files.delete(key);
        assertRefused("is missing");
        Files.write(key, right);
        // moved to another place in the database: sealed for another environment
        core.environment("mine", EnvironmentMode.SINGLE, Requirements.NONE);
        core.database.change(change -> change.handle().execute("update environment_secret set environment = 'mine'"));
        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.start("mine", StartRequest.ANYWHERE));
        assertTrue(refused.getMessage(), refused.getMessage().contains("was changed"));
    }

    @Test
    public void whatIsNoArgumentIsRefusedAndNotRepeated() {
        for (String name : List.of("", "a=b", "a b", "-a", "1a", "ä", "a".repeat(65))) {
            assertThrows(name, QrmException.class, () -> core.environments.setSecretArgument("web", name, "x"));
        }
        for (String value : List.of("", "hunter2\n", "hunter2\u0000", "hunter2\u2028", "ä".repeat(451))) {
            QrmException refused =
                    assertThrows(QrmException.class, () -> core.environments.setSecretArgument("web", "pw", value));
            assertFalse(refused.getMessage(), refused.getMessage().contains("hunter2"));
        }
        for (int i = 0; i < 31; i++) {
            core.environments.setSecretArgument("web", "more" + i, "x");
        }
        assertThrows(QrmException.class, () -> core.environments.setSecretArgument("web", "toomany", "x"));
    }

    private void assertRefused(String why) {
        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.start("web", StartRequest.ANYWHERE));
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
        assertFalse(refused.getMessage(), refused.getMessage().contains("hunter2"));
    }
}
