package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootModule;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

public class HostileMachineTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void aTokenUsedByAnotherBootIsRefusedAnAlarmAndChangesNothing() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        BootOrder order = machine.bootOrder();
        Registration first = machine.registration(order, TestMachine.token(order));
        core.nodes().register(first);
        Resource before = core.resources.find(machine.mac()).orElseThrow();

        Registration second = machine.registration(order, TestMachine.token(order));
        assertRefused(() -> core.nodes().register(second));
        assertEquals(before, core.resources.find(machine.mac()).orElseThrow());
        assertEquals(1, alarms("token.reused"));
        assertEquals("resource/" + before.id() + " " + before.id(), about("token.reused"));
    }

    @Test
    public void theRetryOfALostAnswerIsAnsweredAfreshAndTheOldTokenIsVoid() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        Registration registration = machine.registration();
        Registered lost = core.nodes().register(registration);
        Registered again = core.nodes().register(registration);
        assertEquals(lost.resource(), again.resource());
        assertRefused(() -> report(lost.resource(), lost.nodeToken()));
        report(again.resource(), again.nodeToken());
        assertEquals(0, alarms("token.reused"));
    }

    @Test
    public void theRetryOfABootThatAnotherOneFollowedIsRefused() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        Registration earlier = machine.registration();
        TestMachine.goesDown(core.nodes(), core.nodes().register(earlier));
        Registered up = core.nodes().register(machine.registration());
        assertRefused(() -> core.nodes().register(earlier));
        report(up.resource(), up.nodeToken());
        assertEquals(1, alarms("token.reused"));
    }

    @Test
    public void aTokenOfAnotherMachineIsRefused() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        TestMachine other = new TestMachine(core::nodes, 2, 2, 1024);
        String stolen = TestMachine.token(other.bootOrder());
        Registration registration = machine.registration(machine.bootOrder(), stolen);
        assertRefused(() -> core.nodes().register(registration));
        assertTrue(core.resources.find(machine.mac()).isEmpty());
        assertEquals(1, alarms("token.invalid"));
        assertEquals("mac/" + machine.mac().value() + " null", about("token.invalid"));
    }

    @Test
    public void noInventedOrShortenedTokenIsGood() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        String good = TestMachine.token(machine.bootOrder());
        for (String token : List.of("", "AAAA", "????", good.substring(1), good + "AA", "B" + good.substring(1))) {
            Registration registration = machine.registration(machine.bootOrder(), token);
            assertRefused(() -> core.nodes().register(registration));
        }
        assertTrue(core.resources.find(machine.mac()).isEmpty());
    }

    @Test
    public void aReportWithAnotherMachinesTokenIsRefusedAndChangesNothing() {
        Registered one = core.nodes().register(new TestMachine(core::nodes, 1, 2, 1024).registration());
        Registered two = core.nodes().register(new TestMachine(core::nodes, 2, 2, 1024).registration());
        Resource before = core.resources.find(one.resource()).orElseThrow();
        assertRefused(() -> report(one.resource(), two.nodeToken()));
        assertRefused(() -> report(one.resource(), ""));
        assertRefused(() -> report(987654321, two.nodeToken()));
        assertEquals(before, core.resources.find(one.resource()).orElseThrow());
    }

    @Test
    public void aFloodOfRefusalsIsCountedAndNotStoredLineByLine() {
        for (int i = 0; i < 10_000; i++) {
            core.nodes().refused("10.0.0." + i % 5, "nonsense\n" + i);
        }
        assertEquals(5, alarms("request.refused"));
    }

    @Test
    public void kernelArgumentsThatABootLoaderWouldInterpretAreRefused() {
        for (String argument : List.of(
                "a\nb",
                "a\"b",
                "a'b",
                "a b",
                "a\\b",
                "a=\"b",
                "a=\"b  c\"",
                "initrd=x",
                "rd.initrd=x",
                "---",
                "-",
                "qrm.token=x",
                "a=\"b qrm.token=x\"",
                "BOOT_IMAGE=x",
                "",
                "\"\"",
                "\u0000",
                "ä",
                "\u202e",
                "x".repeat(901))) {
            QrmException refused = assertThrows(
                    argument, QrmException.class, () -> new BootModule("vmlinuz", List.of(argument), true));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
    }

    @Test
    public void aMachineWhoseBootLoaderIsAnsweredAnErrorIsTalkedOfOnceUntilItRegisters() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        core.nodes().unbootable(machine.mac(), "nobody knows it");
        assertEquals(0, alarms("resource.unbootable"));
        Registered up = core.nodes().register(machine.registration());
        core.nodes().unbootable(machine.mac(), "its kernel argument is odd");
        core.nodes().unbootable(machine.mac(), "its kernel argument is odd");
        assertEquals(1, alarms("resource.unbootable"));
        TestMachine.goesDown(core.nodes(), up);
        core.nodes().register(machine.registration());
        core.nodes().unbootable(machine.mac(), "again");
        assertEquals(2, alarms("resource.unbootable"));
    }

    @Test
    public void aBootConfigurationIsAReadThatLeavesNoTrace() {
        new TestMachine(core::nodes, 1, 2, 1024).bootOrder();
        assertEquals(Map.of(), core.resources.countByState());
    }

    @Test
    public void hardwareIsStoredAsItWasSaidWhateverCharactersItHas() {
        TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024);
        Registration plain = machine.registration();
        Map<String, String> details = Map.of("vendor", "'; drop table resource; --", "product", "<script>${jndi:x}");
        core.nodes()
                .register(new Registration(
                        plain.token(),
                        plain.bootId(),
                        plain.mac(),
                        plain.image(),
                        new Hardware(2, 2000, 1024, plain.hardware().nics(), details),
                        plain.address(),
                        plain.sshHostKey(),
                        plain.execdPort()));
        assertEquals(
                details,
                core.resources.find(machine.mac()).orElseThrow().hardware().details());
    }

    private void report(long resource, String token) {
        core.nodes().report(new Report(resource, token, NodeState.IDLE, 0, 0, 0, ""), Duration.ZERO);
    }

    private static void assertRefused(org.junit.function.ThrowingRunnable call) {
        QrmException refused = assertThrows(QrmException.class, call);
        assertEquals(Problem.Kind.UNAUTHENTICATED, refused.problem().kind());
    }

    /** Subject and resource of the only event of that type. */
    private String about(String type) {
        return core.database.read(
                handle -> handle.createQuery("select subject, resource_id from event where type = :type")
                        .bind("type", type)
                        .map((row, context) -> row.getString(1) + " " + row.getObject(2))
                        .one());
    }

    private long alarms(String type) {
        return core.database.read(
                handle -> handle.createQuery("select count(*) from event where type = :type and priority = 3")
                        .bind("type", type)
                        .mapTo(Long.class)
                        .one());
    }
}
