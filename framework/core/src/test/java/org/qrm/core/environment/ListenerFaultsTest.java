package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.boot.BootService;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.Limits;
import org.qrm.core.TestMachine;
import org.qrm.core.store.LostDatabase;

/** A listener fails in some way for one environment; that start fails with the reason, the other one succeeds. */
public class ListenerFaultsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private TestMachine first;
    private TestMachine second;
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch freed = new CountDownLatch(1);

    @Before
    public void open() throws Exception {
        open(CoreFixture.QUICK);
    }

    private void open(Limits limits) throws Exception {
        core = new CoreFixture(folder.newFolder().toPath(), limits);
        first = new TestMachine(core::nodes, 1, 2, 1024).powerOn();
        second = new TestMachine(core::nodes, 2, 2, 1024).powerOn();
        eventually(() -> "two are idle", () -> core.resources.countByState().getOrDefault(ResourceState.IDLE, 0L) == 2);
        core.environment("bad", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environment("good", EnvironmentMode.SINGLE, Requirements.NONE);
    }

    @After
    public void close() {
        first.close();
        second.close();
        core.close();
    }

    @Test
    public void aListenerThatThrowsFailsItsOperationAlone() throws Exception {
        core.listeners.add(onBad(() -> {
            throw new IllegalStateException("no licence");
        }));
        assertFailsAlone(core.environments.start("bad", StartRequest.ANYWHERE), "no licence");
    }

    /** It is no veto and no fault of the listener's: the step is run again. */
    @Test
    public void aListenerWhoseUseOfTheDatabaseLosesItIsCalledAgain() throws Exception {
        AtomicInteger forced = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        core.listeners.add(new AssignmentListener() {
            @Override
            public void beforeRelease(Assignment assignment, boolean force, WorkContext work) {
                loseOnce(forced);
            }

            @Override
            public void afterRelease(Assignment assignment, WorkContext work) {
                loseOnce(after);
            }
        });
        core.await(core.environments.start("good", StartRequest.ANYWHERE));
        Operation stop = core.await(core.environments.stop("good", true));
        assertEquals(stop.reason(), OperationState.DONE, stop.state());
        assertEquals(2, forced.get());
        assertEquals(2, after.get());
    }

    private static void loseOnce(AtomicInteger times) {
        if (times.incrementAndGet() == 1) {
            throw LostDatabase.failure();
        }
    }

    @Test
    public void aVetoIsTheReason() throws Exception {
        core.listeners.add(onBad(() -> {
            throw QrmException.refused("make a host of", "bad", "it has 1 network card, 2 are needed", "Add one.");
        }));
        assertFailsAlone(core.environments.start("bad", StartRequest.ANYWHERE), "it has 1 network card, 2 are needed");
    }

    @Test
    public void aListenerThatAnswersNothingFailsItsOperationAlone() throws Exception {
        core.listeners.add(new AssignmentListener() {
            @Override
            public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
                return assignment.environment().name().equals("bad") ? null : planned;
            }
        });
        assertFailsAlone(core.environments.start("bad", StartRequest.ANYWHERE), "answered no boot configuration");
    }

    @Test
    public void aListenerThatNeverReturnsFailsItsOperationAlone() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        core.listeners.add(onBad(() -> awaitForEver(never)));
        try {
            assertFailsAlone(core.environments.start("bad", StartRequest.ANYWHERE), "2 s");
        } finally {
            never.countDown();
        }
    }

    @Test
    public void aListenerThatGoesInTheMiddleFailsItsOperationAlone() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AssignmentListener listener = onBad(() -> awaitForEver(never));
        core.listeners.add(listener);
        Operation start = core.environments.start("bad", StartRequest.ANYWHERE);
        called.await();
        core.listeners.remove(listener);
        core.calls.gone(listener);
        try {
            assertFailsAlone(start, "went away");
        } finally {
            never.countDown();
        }
    }

    @Test
    public void aBootServiceThatDoesNotAnswerIsLeftOutAndTold() throws Exception {
        core.bootServices.add(stuckOn("bad", "stuck"));
        try {
            Operation start = core.await(core.environments.start("bad", StartRequest.ANYWHERE));
            assertEquals(start.reason(), OperationState.DONE, start.state());
            assertTrue(core.faults.toString(), core.faults.get(0).contains("boot service of stuck"));
        } finally {
            freed.countDown();
        }
    }

    @Test
    public void aHostIsNotActiveWithoutTheBootServiceOfItsOwnPlugin() throws Exception {
        close();
        Limits quick = CoreFixture.QUICK;
        open(new Limits(quick.silence(), Duration.ofSeconds(8), quick.release(), quick.call()));
        core.providers.add(hypervisor("stuck"));
        core.hostEnvironment("host", "stuck");
        core.bootServices.add(stuckOn("host", "stuck"));
        try {
            Operation start = core.await(core.environments.start("host", StartRequest.ANYWHERE));
            assertEquals(OperationState.FAILED, start.state());
            assertTrue(start.reason(), start.reason().contains("not active within 8 s"));
        } finally {
            freed.countDown();
        }
    }

    private static PartitionProvider hypervisor(String plugin) {
        return (PartitionProvider) Proxy.newProxyInstance(
                PartitionProvider.class.getClassLoader(),
                new Class<?>[] {PartitionProvider.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "plugin" -> plugin;
                    case "hostNeeds" -> Requirements.NONE;
                    case "list" -> List.of();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private BootService stuckOn(String environment, String plugin) {
        return new BootService() {
            @Override
            public String plugin() {
                return plugin;
            }

            @Override
            public boolean appliesTo(Assignment assignment) {
                if (assignment.environment().name().equals(environment)) {
                    awaitForEver(freed);
                }
                return false;
            }

            @Override
            public InputStream open() {
                return InputStream.nullInputStream();
            }
        };
    }

    @Test
    public void aListenerMayReplaceWhatTheMachineBoots() throws Exception {
        core.listeners.add(new AssignmentListener() {
            @Override
            public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
                return new BootConfiguration(
                        planned.bootImage(),
                        planned.loader(),
                        List.of(new BootModule("vmlinuz", List.of("quiet"), true)));
            }
        });
        Operation start = core.await(core.environments.start("bad", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        long bound = core.environments.find("bad").orElseThrow().resources().get(0);
        TestMachine machine = core.resources.find(first.mac()).orElseThrow().id() == bound ? first : second;
        machine.shutDown();
        assertEquals(
                List.of("quiet"),
                machine.bootOrder().configuration().modules().get(0).arguments());
    }

    @Test
    public void aListenerThatAddsWhatNoBootLoaderCanBeGivenFailsOnlyItsOperation() throws Exception {
        adds("initrd=other.img");
        assertFailsAlone(core.await(core.environments.start("bad", StartRequest.ANYWHERE)), "another initrd");
    }

    @Test
    public void aListenerThatMakesTheLineTooLongFailsOnlyItsOperation() throws Exception {
        adds("a=" + "x".repeat(890), "b=" + "y".repeat(890));
        assertFailsAlone(core.await(core.environments.start("bad", StartRequest.ANYWHERE)), "octets");
    }

    private void adds(String... arguments) {
        core.listeners.add(new AssignmentListener() {
            @Override
            public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
                if (!assignment.environment().name().equals("bad")) {
                    return planned;
                }
                List<BootModule> modules = new ArrayList<>(planned.modules());
                modules.set(0, new BootModule("vmlinuz", List.of(arguments), true));
                return new BootConfiguration(planned.bootImage(), planned.loader(), modules);
            }
        });
    }

    private void assertFailsAlone(Operation bad, String reason) throws Exception {
        Operation good = core.await(core.environments.start("good", StartRequest.ANYWHERE));
        assertEquals(good.reason(), OperationState.DONE, good.state());
        Operation failed = core.await(bad);
        assertEquals(OperationState.FAILED, failed.state());
        assertTrue(failed.reason(), failed.reason().contains(reason));
        assertEquals(
                EnvironmentState.ERROR,
                core.environments.find("bad").orElseThrow().state());
        eventually(
                () -> "the machine that was taken for it is idle again",
                () -> core.resources.countByState().getOrDefault(ResourceState.IDLE, 0L) == 1);
    }

    private AssignmentListener onBad(Runnable fault) {
        return new AssignmentListener() {
            @Override
            public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
                if (assignment.environment().name().equals("bad")) {
                    called.countDown();
                    fault.run();
                }
                return planned;
            }
        };
    }

    private static void awaitForEver(CountDownLatch never) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                never.await();
                interrupted = false;
            } catch (InterruptedException ignoredByAWickedListener) {
                interrupted = true;
            }
        }
    }
}
