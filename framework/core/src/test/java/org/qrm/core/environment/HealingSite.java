package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageClient;
import org.qrm.core.CoreFixture;
import org.qrm.core.Limits;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.DatabaseKind;

/** Machines that are lost, whoever switches them, and environments that are healed; on each database. */
@RunWith(Parameterized.class)
public abstract class HealingSite {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    /** Who is silent for so long may be followed by another boot. */
    static final Limits SHORT_SILENCE =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(2));

    static final Healing RESTART = new Healing(HealMode.RESTART, 3, 0, List.of());

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    final Power power = new Power();
    CoreFixture core;
    private int machines;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), SHORT_SILENCE, kind.freshUrl());
        core.controllers.add(power);
    }

    @After
    public void close() {
        power.machines.values().forEach(TestMachine::close);
        core.close();
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** An environment of that name, active on a machine of its own. */
    long runs(String name, Healing healing) throws Exception {
        long id = idle();
        core.environment(name, EnvironmentMode.SINGLE, Requirements.NONE);
        core.environments.update(environment(name).spec().healed(healing));
        Operation start = core.await(core.environments.start(name, new StartRequest(List.of(id), 1)));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        return id;
    }

    long idle() {
        int number = ++machines;
        TestMachine machine = new TestMachine(core::nodes, mac(number), "10.0.1." + number, 2, 1024).powerOn();
        power.machines.put(mac(number), machine);
        core.awaitIdle(machine);
        return core.resources.find(mac(number)).orElseThrow().id();
    }

    /** It hangs, and the watch has seen that. */
    void lose(long id, String environment) {
        power.machines.get(resource(id).mac()).close();
        ResourceRows rows = new ResourceRows();
        eventually(() -> "the watch has written when it was heard of", () -> {
            core.database.change(change -> {
                change.handle().execute("update resource set last_seen = last_seen - 60000 where id = ?", id);
                ResourceRow row = rows.find(change.handle(), id).orElseThrow();
                if (row.state() != ResourceState.ERROR) {
                    rows.move(change, row, ResourceState.ERROR, "silent");
                    new EnvironmentHealth(rows).changed(change, environment);
                }
                return null;
            });
            return environment(environment).state() == EnvironmentState.ERROR;
        });
    }

    /** All at once; the watch writes nothing of them any more. */
    void loseAll(List<Long> ids) {
        ids.forEach(id -> power.of(id).close());
        eventually(
                () -> "the watch has written when they were heard of",
                () -> ids.stream()
                        .allMatch(id -> resource(id).lastSeen().toEpochMilli()
                                >= power.of(id).lastSent()));
        // the watch must not find one lost and the others well
        core.database.change(change -> {
            ids.forEach(id ->
                    change.handle().execute("update resource set last_seen = last_seen - 60000 where id = ?", id));
            return null;
        });
        ids.forEach(id -> lose(id, resource(id).environmentId()));
    }

    /** The operation that heals it, when the watch has begun it. */
    Operation healing(String name) {
        eventually(() -> "it is being healed", () -> {
            core.environments.healer().look(0);
            return newest(name).isPresent();
        });
        return newest(name).orElseThrow();
    }

    void aPersonIsAsked() {
        eventually(
                () -> "a person is asked",
                () -> core.openEvents("healing.unfenced").size() == 1);
    }

    Optional<Operation> newest(String name) {
        return core.operations.list(Filter.all(), new PageRequest(1000, null)).items().stream()
                .filter(it -> it.kind().equals("virtual-environment.heal")
                        && it.subject().equals("virtual-environment/" + name))
                .max(java.util.Comparator.comparing(Operation::id));
    }

    long operations(String kind) {
        return core.operations.list(Filter.all(), new PageRequest(1000, null)).items().stream()
                .filter(it -> it.kind().equals(kind))
                .count();
    }

    /** There and nowhere else, and storage is open to nobody else. */
    void activeOn(String name, long id) {
        eventually(
                () -> name + " is active: " + environment(name) + " " + resource(id),
                () -> environment(name).state() == EnvironmentState.ACTIVE);
        assertEquals(List.of(id), environment(name).resources());
        assertEquals(List.of(new StorageClient(resource(id).address(), true)), core.storage.access.get(name));
    }

    org.qrm.api.environment.VirtualEnvironment environment(String name) {
        return core.environments.find(name).orElseThrow();
    }

    Resource resource(long id) {
        return core.resources.find(id).orElseThrow();
    }

    void awaits(long id, ResourceState state) {
        eventually(
                () -> "it is " + state + ", not " + resource(id),
                () -> resource(id).state() == state);
    }

    String log(Operation operation) {
        return core.operations.log(operation.id()).stream()
                .map(LogLine::toString)
                .toList()
                .toString();
    }

    static MacAddress mac(int number) {
        return new MacAddress(String.format("52:54:00:00:00:%02x", number));
    }

    /** Switches the machines of the test, and says what it is told to. */
    class Power implements PowerController {
        final Map<MacAddress, TestMachine> machines = new ConcurrentHashMap<>();
        final List<Long> switchedOff = new CopyOnWriteArrayList<>();
        volatile boolean controls = true;
        volatile Set<PowerAbility> abilities = EnumSet.allOf(PowerAbility.class);
        volatile String refusal = "";
        volatile Runnable ordered = () -> {};
        volatile Runnable obeyed = () -> {};
        volatile Function<Resource, PowerState> state = this::really;

        void reset() {
            controls = true;
            abilities = EnumSet.allOf(PowerAbility.class);
            refusal = "";
            ordered = () -> {};
            obeyed = () -> {};
            state = this::really;
        }

        PowerState really(Resource machine) {
            return machines.get(machine.mac()).isOn() ? PowerState.ON : PowerState.OFF;
        }

        TestMachine of(long id) {
            return machines.get(resource(id).mac());
        }

        TestMachine boot(Resource machine) {
            return machines.compute(machine.mac(), (mac, before) -> {
                before.close();
                int number = Integer.parseInt(mac.value().substring(15), 16);
                return new TestMachine(core::nodes, mac, "10.0.1." + number, 2, 1024).powerOn();
            });
        }

        @Override
        public boolean controls(Resource resource) {
            return controls;
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            return abilities;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            boot(resource);
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            ordered.run();
            refuseIfTold(resource);
            switchedOff.add(resource.id());
            machines.get(resource.mac()).close();
            obeyed.run();
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            refuseIfTold(resource);
            boot(resource);
        }

        private void refuseIfTold(Resource resource) {
            if (!refusal.isEmpty()) {
                throw QrmException.failed("switch off", resource.name(), refusal, "Look.", null);
            }
        }

        @Override
        public PowerState state(Resource resource) {
            return state.apply(resource);
        }
    }
}
