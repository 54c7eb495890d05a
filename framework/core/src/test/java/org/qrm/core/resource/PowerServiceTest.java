package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.core.CoreFixture;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;

/** What BMCs are asked by people. */
public class PowerServiceTest {

    private static final Sensor INLET = new Sensor("Inlet", SensorStatus.OK, 24.0, "degrees C", "");

    private static final TerminalSize SIZE = new TerminalSize(80, 24);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Bmc bmc = new Bmc();
    private final PluginCalls calls = new PluginCalls();
    private CoreFixture core;
    private long machine;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        Admission.Admitted<PowerController> admitted =
                AdmittedPowerController.by(calls).admit(bmc);
        core.controllers.add(admitted.service());
        machine = core.database.change(change -> new ResourceRows()
                .insert(change, new MacAddress("52:54:00:00:00:01"), "node-1", ResourceKind.NODE, null, null)
                .id());
    }

    @After
    public void close() {
        bmc.release.countDown();
        core.close();
        calls.close();
    }

    @Test
    public void tellsWhatTheBmcTells() {
        assertEquals(EnumSet.allOf(PowerAbility.class), core.machinePower.abilities(machine));
        assertEquals(List.of(INLET), core.machinePower.sensors(machine));
        assertEquals(List.of(new Firmware("BIOS", "1")), core.machinePower.firmware(machine));
        assertEquals("boot", core.machinePower.bmcLog(machine).get(0).message());
        core.machinePower.identify(machine, true);
        core.machinePower.identify(machine, false);
        assertEquals(List.of(true, false), bmc.lit);
    }

    @Test
    public void isNotAskedForMoreThanItCan() {
        bmc.abilities = EnumSet.of(PowerAbility.ON);
        assertEquals(EnumSet.of(PowerAbility.ON), core.machinePower.abilities(machine));
        for (Runnable question : List.<Runnable>of(
                () -> core.machinePower.sensors(machine),
                () -> core.machinePower.bmcLog(machine),
                () -> core.machinePower.firmware(machine),
                () -> core.machinePower.identify(machine, true))) {
            QrmException refused = assertThrows(QrmException.class, question::run);
            assertEquals(Problem.Kind.UNAVAILABLE, refused.problem().kind());
        }
        assertEquals(List.of(), bmc.lit);
        assertEquals(
                Problem.Kind.NOT_FOUND,
                assertThrows(QrmException.class, () -> core.machinePower.sensors(999))
                        .problem()
                        .kind());
    }

    @Test
    public void controllersOfBeforeCanDoWhatTheyCouldDoThen() {
        PowerController old = new Bmc() {
            @Override
            public Set<PowerAbility> abilities(Resource resource) {
                return super.usual(resource);
            }
        };
        core.controllers.set(0, old);
        assertEquals(
                EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE),
                core.machinePower.abilities(machine));
    }

    @Test
    public void whatIsTooMuchIsLeftOutAndNothingIsNull() {
        bmc.sensors = Collections.nCopies(5000, INLET);
        assertEquals(1000, core.machinePower.sensors(machine).size());
        bmc.sensors = Collections.singletonList(null);
        assertThrows(QrmException.class, () -> core.machinePower.sensors(machine));
        bmc.sensors = null;
        assertThrows(QrmException.class, () -> core.machinePower.sensors(machine));
        Sensor hostile = new Sensor("\u001b[2J" + "x".repeat(500), SensorStatus.OK, Double.NaN, "\u202e", "");
        assertEquals("?[2J" + "x".repeat(116) + "…", hostile.name());
        assertEquals(null, hostile.value());
        assertEquals("?", hostile.unit());
    }

    @Test
    public void aBoundedNumberIsAskedAtATime() throws Exception {
        bmc.hangs = true;
        AtomicInteger ended = new AtomicInteger();
        List<Thread> asking = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            Thread thread = new Thread(() -> {
                core.machinePower.sensors(machine);
                ended.incrementAndGet();
            });
            thread.start();
            asking.add(thread);
        }
        eventually(() -> "all are asked", () -> bmc.asked.get() == 8);
        QrmException refused = assertThrows(QrmException.class, () -> core.machinePower.sensors(machine));
        assertTrue(refused.getMessage(), refused.getMessage().contains("8 BMCs are asked already"));
        bmc.release.countDown();
        for (Thread thread : asking) {
            thread.join();
        }
        assertEquals(8, ended.get());
        assertEquals(List.of(INLET), core.machinePower.sensors(machine));
    }

    @Test
    public void aConsoleEndsWithItsPluginAndShowsNoToken() throws Exception {
        Terminal first = core.machinePower.openConsole(machine, SIZE);
        Terminal second = core.machinePower.openConsole(machine, SIZE);
        first.resize(SIZE);
        first.close();
        first.close();
        assertEquals(List.of("opened", "opened", "resized", "closed"), bmc.consoles);
        assertEquals("quiet qrm.token=…", new String(first.output().readAllBytes(), StandardCharsets.UTF_8));
        core.terminals.gone(core.controllers.get(0));
        assertEquals("quiet qrm.token=…", new String(second.output().readAllBytes(), StandardCharsets.UTF_8));
        eventually(() -> "both are closed", () -> bmc.consoles.size() == 5);
    }

    @Test
    public void aConsoleThatIsOpenedWhenItsPluginGoesIsClosed() throws Exception {
        bmc.opens = () -> core.controllers.clear();
        QrmException gone = assertThrows(QrmException.class, () -> core.machinePower.openConsole(machine, SIZE));
        assertEquals(Problem.Kind.UNAVAILABLE, gone.problem().kind());
        assertEquals(List.of("opened", "closed"), bmc.consoles);
    }

    @Test
    public void noConsoleIsOpenedWhereNoneIs() {
        bmc.abilities = EnumSet.of(PowerAbility.ON);
        QrmException refused = assertThrows(QrmException.class, () -> core.machinePower.openConsole(machine, SIZE));
        assertEquals(Problem.Kind.UNAVAILABLE, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains("a plug-in that can (ipmi)"));
        bmc.abilities = EnumSet.of(PowerAbility.CONSOLE);
        bmc.opens = () -> {
            throw QrmException.conflict("open the console of", "node-1", "somebody else is at it", "Wait.");
        };
        assertEquals(
                Problem.Kind.CONFLICT,
                assertThrows(QrmException.class, () -> core.machinePower.openConsole(machine, SIZE))
                        .problem()
                        .kind());
        bmc.console = false;
        bmc.opens = () -> {};
        assertThrows(QrmException.class, () -> core.machinePower.openConsole(machine, SIZE));
    }

    private static class Bmc implements PowerController {
        final List<String> consoles = Collections.synchronizedList(new ArrayList<>());
        volatile Runnable opens = () -> {};
        volatile boolean console = true;
        final List<Boolean> lit = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger asked = new AtomicInteger();
        final CountDownLatch release = new CountDownLatch(1);
        volatile Set<PowerAbility> abilities = EnumSet.allOf(PowerAbility.class);
        volatile List<Sensor> sensors = List.of(INLET);
        volatile boolean hangs;

        @Override
        public boolean controls(Resource resource) {
            return true;
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            return abilities;
        }

        Set<PowerAbility> usual(Resource resource) {
            return PowerController.super.abilities(resource);
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {}

        @Override
        public void powerOff(Resource resource, WorkContext work) {}

        @Override
        public void powerCycle(Resource resource, WorkContext work) {}

        @Override
        public List<Sensor> sensors(Resource resource) {
            asked.incrementAndGet();
            if (hangs) {
                try {
                    release.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            return sensors;
        }

        @Override
        public List<BmcLogEntry> bmcLog(Resource resource) {
            return List.of(new BmcLogEntry("1", null, "", "boot"));
        }

        @Override
        public List<Firmware> firmware(Resource resource) {
            return List.of(new Firmware("BIOS", "1"));
        }

        @Override
        public void identify(Resource resource, boolean on) {
            lit.add(on);
        }

        @Override
        public Terminal openConsole(Resource resource, TerminalSize size) {
            opens.run();
            consoles.add("opened");
            return console ? new Console() : null;
        }

        /** Writes a kernel's line, and then nothing until it is closed. */
        private final class Console implements Terminal {
            private final PipedOutputStream writes = new PipedOutputStream();
            private final PipedInputStream output = new PipedInputStream();

            Console() {
                try {
                    writes.connect(output);
                    writes.write("quiet qrm.token=AQAb_c-d".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public OutputStream input() {
                return OutputStream.nullOutputStream();
            }

            @Override
            public InputStream output() {
                return output;
            }

            @Override
            public void resize(TerminalSize size) {
                consoles.add("resized");
            }

            @Override
            public void close() {
                consoles.add("closed");
                try {
                    writes.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
