package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.image.BootImage;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageClient;
import org.qrm.core.CoreFixture;
import org.qrm.core.Eventually;
import org.qrm.core.TestMachine;

/** Which address a machine has, and whether it is the one that it was. */
public class RecognitionTest {

    private static final MacAddress MAC = new MacAddress("52:54:00:00:00:01");
    private static final String NAT = "127.0.0.1";
    private static final String SERIAL = "SN-1";

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
    public void aMachineHasTheAddressThatItComesFromWhateverItSays() {
        boot(MAC, "10.66.6.6", "10.0.1.1", SERIAL);
        assertEquals("10.0.1.1", resource().address());
    }

    @Test
    public void whoStandsBehindAnAddressOfManyHasTheOneThatItSays() {
        boot(MAC, "10.66.6.6", NAT, SERIAL);
        assertEquals("10.66.6.6", resource().address());
    }

    @Test
    public void anAddressThatNoMachineHasIsRefusedWithTheReasonAndTheSenderIsNamed() {
        boot(new MacAddress("52:54:00:00:00:02"), "10.0.1.2", "10.0.1.2", SERIAL);
        Map<String, String> reasons = Map.of(
                "127.0.0.9", "none that a machine on a network has",
                "0.0.0.0", "none that a machine on a network has",
                "224.0.0.1", "none that a machine on a network has",
                "255.255.255.255", "none that a machine on a network has",
                "10.0.0.1", "this server's",
                "10.0.0.2", "that of a storage server",
                "10.0.1.2", "that of node-525400000002, which is up");
        reasons.forEach((address, reason) -> {
            Problem problem = assertThrows(address, QrmException.class, () -> boot(MAC, address, NAT, SERIAL))
                    .problem();
            assertTrue(problem.reason(), problem.reason().contains(reason));
        });
        assertTrue(core.resources.find(MAC).isEmpty());
        String told = open("address.refused").get(0);
        assertTrue(told, told.startsWith("Refused a registration as " + MAC + " from " + NAT + ": "));
    }

    @Test
    public void theImageFollowsAMachineThatComesBackWithAnotherAddress() throws Exception {
        Registered up = active();
        TestMachine.goesDown(core.nodes(), up);
        Registered back = boot(MAC, "10.0.1.7", "10.0.1.7", SERIAL);
        mounts(back);
        assertEquals(List.of(new StorageClient("10.0.1.7", true)), core.storage.access.get("web"));
    }

    @Test
    public void theReopeningIsDoneAfterTheServerWasKilled() throws Exception {
        Registered up = active();
        TestMachine.goesDown(core.nodes(), up);
        core.storage.before = () -> {
            throw QrmException.failed("open", "", "killed", "", null);
        };
        core.engine.abandon();
        Registered back = boot(MAC, "10.0.1.7", "10.0.1.7", SERIAL);
        core.storage.before = () -> {};
        core.crash();
        mounts(back);
    }

    @Test
    public void anotherMachineWithTheSameMacIsAnAlarmAndWaits() throws Exception {
        Registered first = boot(MAC, "10.0.1.1", "10.0.1.1", SERIAL);
        TestMachine.goesDown(core.nodes(), first);
        Registered other = boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2");
        assertEquals(ResourceState.NEW, resource().state());
        assertTrue(
                open("resource.changed").toString(),
                open("resource.changed").get(0).contains("serial number was SN-1, is SN-2. It came from 10.0.1.1"));
        assertEquals("no window, no list for all", 0, core.admissions.admitWaiting());
        core.await(core.resources.act(other.resource(), ResourceAction.ADMIT));
        assertEquals(ResourceState.IDLE, resource().state());
        assertEquals(List.of(), open("resource.changed"));
        TestMachine.goesDown(core.nodes(), other);
        boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2");
        assertEquals(ResourceState.IDLE, resource().state());
    }

    @Test
    public void aMachineThatIsAsItWasIsAdmittedAgain() {
        TestMachine.goesDown(core.nodes(), boot(MAC, "10.0.1.1", "10.0.1.1", SERIAL));
        TestMachine.goesDown(core.nodes(), boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2"));
        boot(MAC, "10.0.1.1", "10.0.1.1", SERIAL);
        assertEquals(ResourceState.IDLE, resource().state());
        assertEquals(List.of(), open("resource.changed"));
    }

    @Test
    public void whoIsNotAsItWasIsNotAdmittedByAListThatSaysLess() throws Exception {
        core.admissions.expect("mac\n" + MAC, false);
        TestMachine.goesDown(core.nodes(), boot(MAC, "10.0.1.1", "10.0.1.1", SERIAL));
        for (int time = 0; time < 2; time++) {
            Registered other = boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2");
            assertEquals(ResourceState.NEW, resource().state());
            assertEquals(1, open("resource.changed").size());
            TestMachine.goesDown(core.nodes(), other);
        }
        core.admissions.expect("mac\n52:54:00:00:00:77", false);
        assertEquals(ResourceState.NEW, resource().state());
    }

    @Test
    public void aBoundMachineThatIsAnotherOneIsGivenNothingUntilItIsAdmitted() throws Exception {
        Registered up = active();
        TestMachine.goesDown(core.nodes(), up);
        Registered other = boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2");
        assertEquals(ResourceState.BOOTING, resource().state());
        assertTrue(other.instruction() instanceof Instruction.Idle);
        assertTrue(report(other, NodeState.IDLE) instanceof Instruction.Continue);
        report(other, NodeState.ACTIVE);
        assertEquals("it is not believed", ResourceState.BOOTING, resource().state());
        Eventually.eventually(
                () -> "the image is closed to it: " + core.storage.access,
                () -> core.storage.access.get("web").isEmpty());
        core.await(core.resources.act(other.resource(), ResourceAction.ADMIT));
        // what is remembered of its rows goes just after they are committed
        Eventually.eventually(
                () -> "it is not told to restart", () -> report(other, NodeState.IDLE) instanceof Instruction.Reboot);
        mounts(boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2"));
    }

    @Test
    public void aMachineSetAsideStaysSoAndIsNoWayAround() throws Exception {
        Registered up = boot(MAC, "10.0.1.1", "10.0.1.1", SERIAL);
        core.await(core.resources.act(up.resource(), ResourceAction.MAINTENANCE));
        TestMachine.goesDown(core.nodes(), up);
        boot(MAC, "10.0.1.1", "10.0.1.1", "SN-2");
        assertEquals(ResourceState.MAINTENANCE, resource().state());
        core.await(core.resources.act(up.resource(), ResourceAction.RESUME));
        assertEquals(ResourceState.NEW, resource().state());
    }

    /** A machine that runs an environment, whose start has ended: from here on nothing waits for it any more. */
    private Registered active() throws Exception {
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        Registered up = boot(MAC, "10.0.1.1", "10.0.1.1", SERIAL);
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        mounts(up);
        report(up, NodeState.ACTIVE);
        assertEquals(OperationState.DONE, core.await(start).state());
        assertEquals(ResourceState.ACTIVE, resource().state());
        return up;
    }

    private void mounts(Registered machine) {
        Eventually.eventually(
                () -> "it is not told to mount",
                () -> report(machine, NodeState.IDLE) instanceof Instruction.StartImage);
    }

    private Instruction report(Registered machine, NodeState state) {
        return core.nodes()
                .report(new Report(machine.resource(), machine.nodeToken(), state, 0, 0, 0, ""), Duration.ZERO)
                .toCompletableFuture()
                .join();
    }

    private Registered boot(MacAddress mac, String says, String peer, String serial) {
        BootOrder order = core.nodes().bootOrder(mac, peer);
        return core.nodes()
                .register(new Registration(
                        TestMachine.token(order),
                        UUID.randomUUID().toString(),
                        mac,
                        BootImage.DEFAULT,
                        new Hardware(
                                2,
                                2000,
                                1024,
                                List.of(new NetworkCard(mac, "eth0", "e1000", 1000)),
                                Map.of("serial", serial, "uuid", "")),
                        says,
                        "ecdsa-sha2-nistp256 AAAA",
                        22,
                        peer));
    }

    private Resource resource() {
        return core.resources.find(MAC).orElseThrow();
    }

    private List<String> open(String type) {
        return core.openEvents(type);
    }
}
