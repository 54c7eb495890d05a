package org.qrm.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/**
 * What the server relies on of a {@link PowerController}. A plug-in's test extends it, and says by its abstract methods which machine
 * there is and how one looks at its power without the controller.
 */
public abstract class PowerControllerContract extends FarContract {

    /** State is asked for by people who wait. */
    private static final Duration STATE = Duration.ofSeconds(30);

    private static final Duration CONSOLE = Duration.ofSeconds(30);

    /** The controller; another one each time, as after a restart of the server. */
    protected abstract PowerController controller();

    /** A machine that it controls. */
    protected abstract Resource machine();

    /** A machine that it does not control. */
    protected Resource stranger() {
        return Machine.node(4711).named("stranger").resource();
    }

    /** Whether the machine has power now, seen at the machine itself. */
    protected abstract boolean hasPower() throws Exception;

    /** Gives it power or takes it, by the button at the machine. */
    protected abstract void power(boolean on) throws Exception;

    /** How often the machine has got power by an order: what it had already when it was ordered does not count. */
    protected abstract int starts() throws Exception;

    /** What can be ordered. */
    private enum Order {
        POWER_ON(true, PowerAbility.ON) {
            @Override
            void give(PowerController controller, Resource machine, WorkContext work) {
                controller.powerOn(machine, work);
            }
        },
        POWER_OFF(false, PowerAbility.OFF) {
            @Override
            void give(PowerController controller, Resource machine, WorkContext work) {
                controller.powerOff(machine, work);
            }
        },
        POWER_CYCLE(true, PowerAbility.ON, PowerAbility.OFF) {
            @Override
            void give(PowerController controller, Resource machine, WorkContext work) {
                controller.powerCycle(machine, work);
            }
        };

        private final boolean leavesOn;
        private final Set<PowerAbility> needs;

        Order(boolean leavesOn, PowerAbility... needs) {
            this.leavesOn = leavesOn;
            this.needs = Set.of(needs);
        }

        abstract void give(PowerController controller, Resource machine, WorkContext work);

        boolean isAmong(Set<PowerAbility> abilities) {
            return abilities.containsAll(needs);
        }
    }

    @Test
    public void saysAtOnceWhatItControls() throws Exception {
        disconnect();
        assertTrue("it does not control its machine", controls(machine()));
        assertFalse("it controls a machine that is not its own", controls(stranger()));
        assertTrue("it says something else the second time", controls(machine()));
    }

    @Test
    public void saysAtOnceWhatItCanDo() throws Exception {
        disconnect();
        Set<PowerAbility> first = abilities();
        assertEquals("it says something else the second time", first, abilities());
    }

    private boolean controls(Resource resource) throws Exception {
        return timed("controls()", AT_ONCE, () -> controller().controls(resource));
    }

    private Set<PowerAbility> abilities() throws Exception {
        Set<PowerAbility> all = timed("abilities()", AT_ONCE, () -> controller().abilities(machine()));
        assertNotNull("abilities() are null", all);
        all.forEach(each -> assertNotNull("one of the abilities is null", each));
        return all;
    }

    @Test
    public void doesWhatItSaysAndLeavesAloneWhatIsAsWanted() throws Exception {
        for (Order order : Order.values()) {
            for (boolean on : new boolean[] {false, true}) {
                if (order.isAmong(abilities())) {
                    power(on);
                    carryOut(order, on);
                }
            }
        }
    }

    private void carryOut(Order order, boolean on) throws Exception {
        String what = order + " of a machine that is " + (on ? "on" : "off");
        boolean starts = order.leavesOn && !on || order == Order.POWER_CYCLE;
        int before = starts();
        call(what, work -> order.give(controller(), machine(), work));
        assertEquals(what + ": whether it has power when the call returns", order.leavesOn, hasPower());
        assertEquals(what + ": how often it started", starts ? 1 : 0, starts() - before);
        if (order != Order.POWER_CYCLE) {
            call(what + ", once more", work -> order.give(controller(), machine(), work));
            assertEquals(what + ", once more: whether it has power", order.leavesOn, hasPower());
            assertEquals(what + ", once more: how often it started", starts ? 1 : 0, starts() - before);
        }
    }

    @Test
    public void refusesWhatItSaysItCannotDo() throws Exception {
        for (Order order : Order.values()) {
            for (boolean on : new boolean[] {false, true}) {
                if (!order.isAmong(abilities())) {
                    power(on);
                    int before = starts();
                    refused(
                            order + ", which is not among its abilities",
                            work -> order.give(controller(), machine(), work),
                            Problem.Kind.REFUSED);
                    assertEquals(order + " was refused, and changed its power", on, hasPower());
                    assertEquals(order + " was refused, and started the machine", before, starts());
                }
            }
        }
    }

    @Test
    public void tellsThePowerIfItSaysSo() throws Exception {
        boolean tells = abilities().contains(PowerAbility.STATE);
        for (boolean on : new boolean[] {false, true}) {
            power(on);
            PowerState really = on ? PowerState.ON : PowerState.OFF;
            assertEquals("state()", tells ? really : PowerState.UNKNOWN, state());
        }
    }

    private PowerState state() throws Exception {
        PowerState state = timed("state()", STATE, () -> controller().state(machine()));
        assertNotNull("state() is null", state);
        return state;
    }

    @Test
    public void opensItsConsoleIfItSaysSo() throws Exception {
        power(true);
        TerminalSize size = new TerminalSize(80, 24);
        if (!abilities().contains(PowerAbility.CONSOLE)) {
            refused(
                    "openConsole(), which is not among its abilities",
                    work -> controller().openConsole(machine(), size),
                    Problem.Kind.REFUSED);
            return;
        }
        PowerController controller = controller();
        for (String time : new String[] {"the first", "the second"}) {
            Terminal terminal = timed("openConsole()", CONSOLE, () -> controller.openConsole(machine(), size));
            assertNotNull("openConsole() is null " + time + " time", terminal);
            assertNotNull("its keyboard is null", terminal.input());
            assertNotNull("its output is null", terminal.output());
            terminal.resize(new TerminalSize(132, 50));
            timed("close()", CONSOLE, () -> {
                terminal.close();
                terminal.close();
                return true;
            });
            terminal.resize(size);
            timed("the end of its output", patience(), () -> terminal.output().readAllBytes());
        }
    }

    /** What the system does about it is its own: it may be off afterwards, or not. */
    @Test
    public void asksToShutDownIfItSaysSo() throws Exception {
        boolean asks = abilities().contains(PowerAbility.SHUT_DOWN);
        for (boolean on : new boolean[] {false, true}) {
            power(on);
            int before = starts();
            if (asks) {
                call("shutDown()", work -> controller().shutDown(machine(), work));
            } else {
                refused(
                        "shutDown(), which is not among its abilities",
                        work -> controller().shutDown(machine(), work),
                        Problem.Kind.REFUSED);
                assertEquals("shutDown() was refused, and changed its power", on, hasPower());
            }
            assertEquals("shutDown(): how often it started", 0, starts() - before);
        }
        power(true);
        refused(
                "shutDown() of a machine that it does not control",
                work -> controller().shutDown(stranger(), work));
    }

    /** Whoever takes silence for a system that was asked has its power cut a few minutes later all the same. */
    @Test
    public void doesNotTakeSilenceForASystemThatWasAsked() throws Exception {
        power(true);
        assumeDisconnected();
        if (abilities().contains(PowerAbility.SHUT_DOWN)) {
            refused("shutDown() with nobody there", work -> controller().shutDown(machine(), work), SILENT);
        }
    }

    @Test
    public void tellsWhatToBootFromIfItSaysSo() throws Exception {
        boolean tells = abilities().contains(PowerAbility.BOOT_DEVICE);
        boolean starts = tells && abilities().contains(PowerAbility.ON);
        for (BootDevice device : BootDevice.values()) {
            for (boolean on : new boolean[] {false, true}) {
                power(on);
                boot(
                        tells,
                        "bootNext() from " + device,
                        on,
                        0,
                        work -> controller().bootNext(machine(), device, work));
                power(on);
                int due = on ? 0 : 1;
                boot(
                        starts,
                        "powerOn() from " + device,
                        true,
                        due,
                        work -> controller().powerOn(machine(), device, work));
            }
            refused(
                    "bootNext() of a machine that it does not control",
                    work -> controller().bootNext(stranger(), device, work));
            refused(
                    "powerOn() from " + device + " of a machine that it does not control",
                    work -> controller().powerOn(stranger(), device, work));
        }
    }

    private void boot(boolean can, String what, boolean leavesOn, int due, Call call) throws Exception {
        int before = starts();
        boolean on = hasPower();
        if (can) {
            call(what, call);
        } else {
            refused(what + ", which is not among its abilities", call, Problem.Kind.REFUSED);
        }
        assertEquals(what + ": whether it has power", can ? leavesOn : on, hasPower());
        assertEquals(what + ": how often it started", can ? due : 0, starts() - before);
    }

    @Test
    public void goesOnAfterACrash() throws Exception {
        for (Order order : Order.values()) {
            if (order.isAmong(abilities())) {
                repeatedAfterEachCrash(
                        order.toString(),
                        () -> power(!order.leavesOn || order == Order.POWER_CYCLE),
                        work -> order.give(controller(), machine(), work),
                        () -> assertEquals(order + ": whether it has power", order.leavesOn, hasPower()));
            }
        }
    }

    @Test
    public void doesNothingAboutAMachineThatIsNotItsOwn() throws Exception {
        for (Order order : Order.values()) {
            for (boolean on : new boolean[] {false, true}) {
                power(on);
                int before = starts();
                refused(
                        order + " of a machine that it does not control",
                        work -> order.give(controller(), stranger(), work));
                assertEquals("the power of another machine", on, hasPower());
                assertEquals("starts of another machine", before, starts());
            }
        }
    }

    @Test
    public void saysThatNobodyAnswers() throws Exception {
        power(true);
        assumeDisconnected();
        for (Order order : Order.values()) {
            if (order.isAmong(abilities())) {
                Problem problem = refused(
                        order + " with nobody there", work -> order.give(controller(), machine(), work), SILENT);
                assertTrue(
                        "it does not name the machine: " + problem,
                        problem.sentence().contains(machine().name()));
            }
        }
    }

    /** Whoever takes silence for off starts the machine's work elsewhere, and two write to one image. */
    @Test
    public void doesNotTakeSilenceForOff() throws Exception {
        power(true);
        assumeDisconnected();
        try {
            assertEquals("state() with nobody there", PowerState.UNKNOWN, state());
        } catch (QrmException told) {
            complete("state() with nobody there", told, SILENT);
        }
    }

    @Test
    public void endsAtItsDeadline() throws Exception {
        endsAtItsDeadline(stuck().toString(), work -> stuck().give(controller(), machine(), work));
        assertNotEquals("whether it has power", stuck().leavesOn, hasPower());
    }

    @Test
    public void endsWhenItIsCancelled() throws Exception {
        endsWhenItIsCancelled(stuck().toString(), work -> stuck().give(controller(), machine(), work));
    }

    /** An order that is never carried out. */
    private Order stuck() throws Exception {
        Order order = Order.POWER_ON.isAmong(abilities()) ? Order.POWER_ON : Order.POWER_OFF;
        power(!order.leavesOn);
        assumeStuck();
        return order;
    }

    @Test
    public void canBeCalledByManyThreads() throws Exception {
        Order order = Order.POWER_ON.isAmong(abilities()) ? Order.POWER_ON : Order.POWER_OFF;
        power(!order.leavesOn);
        PowerController one = controller();
        Call give = work -> order.give(one, machine(), work);
        Call look = work -> assertTrue(one.controls(machine()) && one.state(machine()) != null);
        together("two orders and two looks at once", give, look, give, look);
        assertEquals("whether it has power", order.leavesOn, hasPower());
    }

    @Test
    public void bearsConstantsOfALaterRelease() throws Throwable {
        inALaterRelease("bearsConstantsOfALaterRelease", () -> {
            power(false);
            Resource inAnotherState = Machine.like(machine())
                    .in(GrownApi.unknown(ResourceState.class))
                    .resource();
            assertTrue("a state that it does not know", controls(inAnotherState));
            Resource ofAnotherKind = Machine.like(machine())
                    .ofKind(GrownApi.unknown(ResourceKind.class))
                    .resource();
            for (Resource each : new Resource[] {inAnotherState, ofAnotherKind}) {
                if (controls(each) && Order.POWER_ON.isAmong(abilities())) {
                    call(
                            "POWER_ON of " + each.state() + " " + each.kind(),
                            work -> Order.POWER_ON.give(controller(), each, work));
                    assertTrue("it has no power", hasPower());
                }
            }
        });
    }
}
