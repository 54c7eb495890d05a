package org.qrm.core.partition;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageAbility;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** A partition that is lost is fenced by its host, or with it. */
public class HealedPartitionsTest {

    private static final PartitionSize SMALL = new PartitionSize(1, 700, 256);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final HostPower power = new HostPower();
    private CoreFixture core;
    private FakeHosts hosts;
    private TestMachine machine;
    private long host;
    private Partition lost;
    private Partition spare;

    @Before
    public void anEnvironmentRunsOnOneOfTwoPartitions() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        core.controllers.add(power);
        hosts = new FakeHosts(() -> core.nodes());
        core.providers.add(hosts);
        machine = new TestMachine(() -> core.nodes(), 1, 2, 2048).powerOn();
        core.awaitIdle(machine);
        core.hostEnvironment("xenhost", "xen");
        done(core.environments.start("xenhost", StartRequest.ANYWHERE));
        host = core.resources.find(machine.mac()).orElseThrow().id();
        done(core.partitions.create(host, 2, SMALL));
        lost = core.partitions.list(host).get(0);
        spare = core.partitions.list(host).get(1);
        core.guestEnvironment("guest", "xen");
        core.environments.update(environment().spec().healed(new Healing(HealMode.RESTART, 3, 0, List.of())));
        done(core.environments.start("guest", new StartRequest(List.of(lost.id()), 1)));
    }

    @After
    public void close() {
        hosts.close();
        machine.close();
        core.close();
    }

    @Test
    public void aPartitionIsFencedWhenItsHostSaysThatItStopped() throws Exception {
        lose(lost.id(), hosts.running.get(lost.mac()), "guest");
        heal();
        eventually(() -> "active: " + environment(), () -> environment().state() == EnvironmentState.ACTIVE);
        assertEquals(List.of(spare.id()), environment().resources());
        assertEquals(ResourceState.OFF, resource(lost.id()).state());
        assertTrue(hosts.told.toString(), hosts.told.contains("force " + lost.mac()));
        assertEquals(PartitionState.STOPPED, hosts.there.get(lost.mac()).state());
        assertEquals(List.of(), power.switchedOff);
    }

    /** That of a host says nothing of the images of its partitions; a partition has one of its own. */
    @Test
    public void aPartitionIsFencedByItsStorageAndAHostIsNot() throws Exception {
        core.controllers.remove(power);
        core.storage.abilities = Set.of(StorageAbility.FENCING);
        hosts.stubborn = true;
        core.environments.update(core.environments
                .find("xenhost")
                .orElseThrow()
                .spec()
                .healed(new Healing(HealMode.RESTART, 3, 0, List.of())));
        lose(lost.id(), hosts.running.get(lost.mac()), "guest");
        heal();
        eventually(
                () -> "it runs on the other: " + environment(),
                () -> environment().state() == EnvironmentState.ACTIVE);
        assertEquals(List.of(spare.id()), environment().resources());
        hosts.running.get(spare.mac()).close();
        lose(host, machine, "xenhost");
        core.environments.heal("xenhost");
        eventually(
                () -> "a person is asked",
                () -> core.openEvents("healing.unfenced").size() == 1);
        String told = core.openEvents("healing.unfenced").get(0);
        assertTrue(told, told.contains("no plug-in controls the power of"));
        assertEquals("xenhost", resource(host).environmentId());
    }

    /** The host is cut off, and runs it on. */
    @Test
    public void aPartitionThatMayWriteIsNotForgottenWithItsHost() throws Exception {
        core.controllers.remove(power);
        hosts.stubborn = true;
        hosts.running.get(spare.mac()).close();
        lose(lost.id(), hosts.running.get(lost.mac()), "guest");
        lose(host, machine, "xenhost");
        isGivenUp(lost.id());
        done(core.environments.stop("xenhost", true));
        assertEquals(Optional.of(resource(lost.id()).name()), mayStillWrite());
        assertEquals("those that write nothing are", Optional.empty(), core.resources.find(spare.id()));
        QrmException refused = assertThrows(QrmException.class, () -> core.resources.act(host, ResourceAction.REMOVE));
        assertTrue(refused.getMessage(), refused.getMessage().contains("it may still write guest"));

        core.database.change(
                change -> change.handle().execute("update resource set state = 'RELEASING' where id = ?", host));
        machine = new TestMachine(() -> core.nodes(), 1, 2, 2048).powerOn();
        core.awaitIdle(machine);
        assertEquals("it is gone when its host boots anew", Optional.empty(), core.resources.find(lost.id()));
        assertEquals(Optional.empty(), mayStillWrite());
    }

    /** By a stop that has waited for it in vain. */
    private void isGivenUp(long id) {
        core.database.change(change -> {
            change.handle()
                    .execute("insert into possible_writer (resource_id, image, boot_id)"
                            + " select id, 'guest', boot_id from resource where id = " + id);
            change.handle().execute("delete from assignment where resource_id = ?", id);
            return change.handle().execute("update resource set environment = null where id = ?", id);
        });
    }

    private Optional<String> mayStillWrite() {
        return core.database.read(handle -> EnvironmentService.mayStillWrite(handle, "guest"));
    }

    @Test
    public void aPartitionThatItsHostSaysToRunIsNotFenced() throws Exception {
        hosts.stubborn = true;
        lose(lost.id(), hosts.running.get(lost.mac()), "guest");
        heal();
        eventually(
                () -> "a person is asked",
                () -> core.openEvents("healing.unfenced").size() == 1);
        String told = core.openEvents("healing.unfenced").get(0);
        assertTrue(told, told.contains("is on after it was switched off"));
        assertEquals(ResourceState.IDLE, resource(spare.id()).state());
        assertEquals(EnvironmentState.ERROR, environment().state());
    }

    @Test
    public void aHostIsNotSwitchedOffUnderPartitionsThatAnswer() throws Exception {
        core.guestEnvironment("other", "xen");
        done(core.environments.start("other", new StartRequest(List.of(spare.id()), 1)));
        lose(lost.id(), hosts.running.get(lost.mac()), "guest");
        lose(host, machine, "xenhost");
        heal();
        eventually(
                () -> "a person is asked",
                () -> core.openEvents("healing.unfenced").size() == 1);
        String told = core.openEvents("healing.unfenced").get(0);
        assertTrue(told, told.contains("other partitions on it do"));
        assertEquals(List.of(), power.switchedOff);
    }

    @Test
    public void aPartitionThatIsLostWithItsHostIsFencedWithIt() throws Exception {
        hosts.running.get(spare.mac()).close();
        lose(lost.id(), hosts.running.get(lost.mac()), "guest");
        lose(host, machine, "xenhost");
        Operation heal = heal();
        eventually(
                () -> "it is fenced: " + core.operations.log(heal.id()),
                () -> core.operations.log(heal.id()).toString().contains("Fenced: "));
        assertEquals(List.of(host), power.switchedOff);
        eventually(() -> "it is off", () -> resource(lost.id()).state() == ResourceState.OFF);
        assertEquals(null, resource(lost.id()).environmentId());
    }

    /** The other way round, too: the tightest that is free is taken, whatever it is. */
    @Test
    public void whatRunsOnAnythingIsHealedOnMetalWhenItsHostIsLost() throws Exception {
        done(core.environments.stop("guest", false));
        EnvironmentSpec spec = environment().spec();
        QrmException nested = assertThrows(QrmException.class, () -> core.environments.update(on("any", "xen", spec)));
        assertEquals(Problem.Kind.INVALID, nested.problem().kind());
        core.environments.update(on("any", null, spec));
        TestMachine metal = new TestMachine(() -> core.nodes(), 2, 2, 2048).powerOn();
        try {
            core.awaitIdle(metal);
            long bare = core.resources.find(metal.mac()).orElseThrow().id();
            assertEquals("the smallest is taken", lost.id(), startedOn());
            hosts.running.get(spare.mac()).close();
            lose(lost.id(), hosts.running.get(lost.mac()), "guest");
            lose(host, machine, "xenhost");
            assertEquals(
                    "nothing was heard against it",
                    ResourceState.IDLE,
                    resource(spare.id()).state());
            assertEquals(
                    (Long) bare,
                    core.environments.spareMachines().stream()
                            .filter(it -> it.environment().equals("guest"))
                            .findFirst()
                            .orElseThrow()
                            .resource());
            done(heal());
            eventually(() -> "active: " + environment(), () -> environment().state() == EnvironmentState.ACTIVE);
            assertEquals(List.of(bare), environment().resources());
            assertEquals("the host was switched off before", List.of(host), power.switchedOff);
        } finally {
            metal.close();
        }
    }

    private long startedOn() throws InterruptedException {
        done(core.environments.start("guest", StartRequest.ANYWHERE));
        return environment().resources().get(0);
    }

    private static EnvironmentSpec on(String runsOn, String partitioning, EnvironmentSpec spec) {
        return new EnvironmentSpec(
                spec.name(),
                spec.bootImage(),
                spec.filesystemImage(),
                spec.mode(),
                partitioning,
                runsOn,
                spec.requirements(),
                spec.kernelArguments(),
                spec.description(),
                spec.healing());
    }

    private Operation heal() {
        return core.environments.heal("guest");
    }

    private void lose(long id, TestMachine hung, String environment) {
        hung.close();
        ResourceRows rows = new ResourceRows();
        core.database.change(change -> {
            ResourceRow row = rows.find(change.handle(), id).orElseThrow();
            rows.move(change, row, ResourceState.ERROR, "silent");
            new EnvironmentHealth(rows).changed(change, environment);
            return null;
        });
    }

    private void done(Operation operation) throws InterruptedException {
        Operation ended = core.await(operation);
        assertEquals(ended.reason(), OperationState.DONE, ended.state());
    }

    private VirtualEnvironment environment() {
        return core.environments.find("guest").orElseThrow();
    }

    private Resource resource(long id) {
        return core.resources.find(id).orElseThrow();
    }

    /** Of the host. */
    private static final class HostPower implements PowerController {
        final List<Long> switchedOff = new CopyOnWriteArrayList<>();

        @Override
        public boolean controls(Resource resource) {
            return true;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {}

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            switchedOff.add(resource.id());
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {}

        @Override
        public PowerState state(Resource resource) {
            return switchedOff.contains(resource.id()) ? PowerState.OFF : PowerState.ON;
        }
    }
}
