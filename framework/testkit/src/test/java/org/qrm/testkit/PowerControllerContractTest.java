package org.qrm.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
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

public class PowerControllerContractTest {

    @Test
    public void whatIsRightPasses() {
        Bites.none(Right.class);
    }

    @Test
    public void whatCanDoLessPassesToo() {
        Bites.none(OnlyOff.class);
    }

    @Test
    public void whatCanDoMorePassesToo() {
        Bites.none(WithConsole.class);
        Bites.none(AsksToShutDown.class);
        Bites.none(BootsFromWhereItIsTold.class);
    }

    @Test
    public void eachWrongOneIsFound() {
        Bites.all(PowerControllerContractTest.class);
    }

    /** A socket that a machine is plugged into. */
    static final class Socket {
        volatile boolean on;
        volatile int starts;
        volatile boolean gone;
        volatile boolean stuck;

        synchronized void order(boolean wanted) {
            if (stuck) {
                return;
            }
            starts += wanted && !on ? 1 : 0;
            on = wanted;
        }
    }

    /** A controller of one socket. */
    static class Controller implements PowerController {
        static final String PASSWORD = "s3cret";

        final Socket socket;

        Controller(Socket socket) {
            this.socket = socket;
        }

        @Override
        public boolean controls(Resource resource) {
            return resource.id() == 1;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            bring("switch on", resource, true, work);
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            bring("switch off", resource, false, work);
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            bring("switch off and on", resource, false, work);
            bring("switch off and on", resource, true, work);
        }

        void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
            ask(attempted, resource);
            work.checkpoint();
            while (socket.on != wanted) {
                socket.order(wanted);
                work.log(resource.name() + " was told");
                work.pause(Duration.ofMillis(1));
                work.checkpoint();
            }
        }

        void ask(String attempted, Resource resource) {
            if (!controls(resource)) {
                throw QrmException.notFound(attempted, "socket", resource.name());
            }
            if (socket.gone) {
                throw new QrmException(new Problem(
                        Problem.Kind.UNREACHABLE, attempted, resource.name(), "its socket is silent", "Look."));
            }
        }

        @Override
        public PowerState state(Resource resource) {
            ask("ask for the power of", resource);
            return socket.on ? PowerState.ON : PowerState.OFF;
        }
    }

    /** The contract with a controller that keeps it. */
    public static class Right extends PowerControllerContract {
        final Socket socket = new Socket();

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(5);
        }

        @Override
        protected Duration shortPatience() {
            return Duration.ofMillis(100);
        }

        @Override
        protected Duration grace() {
            return Duration.ofSeconds(2);
        }

        @Override
        protected List<String> secrets() {
            return List.of(Controller.PASSWORD);
        }

        @Override
        protected PowerController controller() {
            return new Controller(socket);
        }

        @Override
        protected Resource machine() {
            return Machine.node(1).resource();
        }

        @Override
        protected boolean hasPower() {
            return socket.on;
        }

        @Override
        protected void power(boolean on) {
            socket.on = on;
        }

        @Override
        protected int starts() {
            return socket.starts;
        }

        @Override
        protected boolean disconnect() {
            socket.gone = true;
            return true;
        }

        @Override
        protected boolean stick() {
            socket.stuck = true;
            return true;
        }
    }

    /** It can switch off, and nothing else. */
    public static class OnlyOff extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return EnumSet.of(PowerAbility.OFF);
                }

                @Override
                public void powerOn(Resource resource, WorkContext work) {
                    throw QrmException.refused("switch on", resource.name(), "it cannot", "Go there.");
                }

                @Override
                public void powerCycle(Resource resource, WorkContext work) {
                    powerOn(resource, work);
                }

                @Override
                public PowerState state(Resource resource) {
                    ask("ask", resource);
                    return PowerState.UNKNOWN;
                }
            };
        }
    }

    /** Its machine has a console, on which nothing is written. */
    public static class WithConsole extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    EnumSet<PowerAbility> all = EnumSet.copyOf(super.abilities(resource));
                    all.add(PowerAbility.CONSOLE);
                    return all;
                }

                @Override
                public Terminal openConsole(Resource resource, TerminalSize size) {
                    return terminal();
                }
            };
        }

        Terminal terminal() {
            return new Silent();
        }
    }

    /** Its machine has a system that hears its button. */
    public static class AsksToShutDown extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    EnumSet<PowerAbility> all = EnumSet.copyOf(super.abilities(resource));
                    all.add(PowerAbility.SHUT_DOWN);
                    return all;
                }

                @Override
                public void shutDown(Resource resource, WorkContext work) {
                    ask("shut down", resource);
                    if (socket.on) {
                        pressed();
                    }
                }
            };
        }

        void pressed() {
            socket.order(false);
        }
    }

    /** It is told by who switches it. */
    static class Booting extends Controller {
        Booting(Socket socket) {
            super(socket);
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            EnumSet<PowerAbility> all = EnumSet.copyOf(super.abilities(resource));
            all.add(PowerAbility.BOOT_DEVICE);
            return all;
        }

        @Override
        public void powerOn(Resource resource, BootDevice device, WorkContext work) {
            powerOn(resource, work);
        }

        @Override
        public void bootNext(Resource resource, BootDevice device, WorkContext work) {
            ask("set what is booted by", resource);
        }
    }

    /** Its machine is told what to boot from. */
    public static class BootsFromWhereItIsTold extends Right {
        @Override
        protected PowerController controller() {
            return new Booting(socket);
        }
    }

    /** It writes nothing until it is closed. */
    static class Silent implements Terminal {
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public OutputStream input() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream output() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    try {
                        closed.await();
                    } catch (InterruptedException interrupted) {
                        throw new IOException(interrupted);
                    }
                    return -1;
                }
            };
        }

        @Override
        public void resize(TerminalSize size) {}

        @Override
        public void close() {
            closed.countDown();
        }
    }

    // ---- wrong ones

    @FailsAt(value = "opensItsConsoleIfItSaysSo", saying = "openConsole() is null the first time")
    public static final class NullConsole extends WithConsole {
        @Override
        Terminal terminal() {
            return null;
        }
    }

    @FailsAt(value = "opensItsConsoleIfItSaysSo", saying = "the end of its output")
    public static final class ConsoleThatNeverEnds extends WithConsole {
        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }

        @Override
        Terminal terminal() {
            return new Silent() {
                @Override
                public void close() {
                    // it goes on
                }
            };
        }
    }

    @FailsAt(value = "opensItsConsoleIfItSaysSo", saying = "returned as if it was")
    public static final class ConsoleThatItDoesNotTellOf extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Terminal openConsole(Resource resource, TerminalSize size) {
                    return new Silent();
                }
            };
        }
    }

    /** The system does what it likes. */
    public static final class AsksInVain extends AsksToShutDown {
        @Override
        void pressed() {
            // it goes on
        }
    }

    @Test
    public void aSystemThatDoesNotObeyPasses() {
        Bites.none(AsksInVain.class);
    }

    @FailsAt(value = "asksToShutDownIfItSaysSo", saying = "cannot ask its system to shut down")
    public static final class SaysThatItAsksToShutDown extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    EnumSet<PowerAbility> all = EnumSet.copyOf(super.abilities(resource));
                    all.add(PowerAbility.SHUT_DOWN);
                    return all;
                }
            };
        }
    }

    @FailsAt(value = "asksToShutDownIfItSaysSo", saying = "shutDown(): how often it started")
    public static final class PressesTheButtonOfOneThatIsOff extends AsksToShutDown {
        @Override
        protected PowerController controller() {
            PowerController right = super.controller();
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return right.abilities(resource);
                }

                @Override
                public void shutDown(Resource resource, WorkContext work) {
                    ask("shut down", resource);
                    socket.order(!socket.on);
                }
            };
        }
    }

    @FailsAt(value = "asksToShutDownIfItSaysSo", saying = "returned as if it was")
    public static final class AsksToShutDownAndDoesNotTellOfIt extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public void shutDown(Resource resource, WorkContext work) {
                    ask("shut down", resource);
                    socket.order(false);
                }
            };
        }
    }

    @FailsAt(value = "doesNotTakeSilenceForASystemThatWasAsked", saying = "returned as if it was")
    public static final class AsksWhoDoesNotAnswer extends AsksToShutDown {
        @Override
        protected PowerController controller() {
            PowerController right = super.controller();
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return right.abilities(resource);
                }

                @Override
                public void shutDown(Resource resource, WorkContext work) {
                    if (!socket.gone) {
                        right.shutDown(resource, work);
                    }
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatToBootFromIfItSaysSo", saying = "cannot tell it what to boot from")
    public static final class SaysThatItTellsWhatToBootFrom extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return new Booting(socket).abilities(resource);
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatToBootFromIfItSaysSo", saying = "bootNext() from NETWORK: how often it started")
    public static final class RestartsWhatIsToBoot extends Right {
        @Override
        protected PowerController controller() {
            return new Booting(socket) {
                @Override
                public void bootNext(Resource resource, BootDevice device, WorkContext work) {
                    super.bootNext(resource, device, work);
                    if (socket.on) {
                        powerCycle(resource, work);
                    }
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatToBootFromIfItSaysSo", saying = "powerOn() from NETWORK: whether it has power")
    public static final class TellsAndLeavesItOff extends Right {
        @Override
        protected PowerController controller() {
            return new Booting(socket) {
                @Override
                public void powerOn(Resource resource, BootDevice device, WorkContext work) {
                    bootNext(resource, device, work);
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatToBootFromIfItSaysSo", saying = "returned as if it was")
    public static final class SwitchesOnWhateverIsToBoot extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public void powerOn(Resource resource, BootDevice device, WorkContext work) {
                    powerOn(resource, work);
                }
            };
        }
    }

    @FailsAt(value = "saysAtOnceWhatItControls", saying = "controls a machine that is not its own")
    public static final class ControlsAll extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public boolean controls(Resource resource) {
                    return true;
                }
            };
        }
    }

    @FailsAt(value = "saysAtOnceWhatItControls", saying = "its socket is silent")
    public static final class AsksTheMachineWhoseItIs extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public boolean controls(Resource resource) {
                    if (socket.gone) {
                        throw QrmException.failed("ask", resource.name(), "its socket is silent", "Look.", null);
                    }
                    return super.controls(resource);
                }
            };
        }
    }

    @FailsAt(value = "saysAtOnceWhatItCanDo", saying = "null")
    public static final class NullAbilities extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return null;
                }
            };
        }
    }

    @FailsAt(
            value = "doesWhatItSaysAndLeavesAloneWhatIsAsWanted",
            saying = "whether it has power when the call returns")
    public static final class DoesNotWait extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    ask(attempted, resource);
                    new Thread(() -> {
                                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                                socket.order(wanted);
                            })
                            .start();
                }
            };
        }
    }

    @FailsAt(
            value = "doesWhatItSaysAndLeavesAloneWhatIsAsWanted",
            saying = "POWER_ON of a machine that is off, once more: whether it has power")
    public static final class PushesTheButton extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public void powerOn(Resource resource, WorkContext work) {
                    ask("switch on", resource);
                    socket.order(!socket.on);
                }
            };
        }
    }

    @FailsAt(
            value = "doesWhatItSaysAndLeavesAloneWhatIsAsWanted",
            saying = "POWER_ON of a machine that is off, once more: how often it started")
    public static final class RestartsWhatIsOn extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public void powerOn(Resource resource, WorkContext work) {
                    powerCycle(resource, work);
                }
            };
        }
    }

    @FailsAt(value = "doesWhatItSaysAndLeavesAloneWhatIsAsWanted", saying = "POWER_CYCLE of a machine that is off")
    public static final class CyclesOnlyWhatIsOn extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public void powerCycle(Resource resource, WorkContext work) {
                    if (socket.on) {
                        super.powerCycle(resource, work);
                    }
                }
            };
        }
    }

    @FailsAt(value = "doesWhatItSaysAndLeavesAloneWhatIsAsWanted", saying = "progress(")
    public static final class TellsPercents extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    work.progress(50, "half of it");
                    super.bring(attempted, resource, wanted, work);
                }
            };
        }
    }

    @FailsAt(value = "refusesWhatItSaysItCannotDo", saying = "returned as if it was")
    public static final class DoesNothingWithoutAWord extends OnlyOff {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return EnumSet.of(PowerAbility.OFF, PowerAbility.STATE);
                }

                @Override
                public void powerOn(Resource resource, WorkContext work) {
                    // it cannot
                }
            };
        }
    }

    @FailsAt(value = "refusesWhatItSaysItCannotDo", saying = "was refused, and changed its power")
    public static final class DoesHalfOfACycle extends OnlyOff {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return EnumSet.of(PowerAbility.OFF, PowerAbility.STATE);
                }

                @Override
                public void powerOn(Resource resource, WorkContext work) {
                    throw QrmException.refused("switch on", resource.name(), "it cannot", "Go there.");
                }

                @Override
                public void powerCycle(Resource resource, WorkContext work) {
                    powerOff(resource, work);
                    powerOn(resource, work);
                }
            };
        }
    }

    @FailsAt(value = "refusesWhatItSaysItCannotDo", saying = "must end with a QrmException")
    public static final class ThrowsUnsupported extends OnlyOff {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public Set<PowerAbility> abilities(Resource resource) {
                    return EnumSet.of(PowerAbility.OFF, PowerAbility.STATE);
                }

                @Override
                public void powerOn(Resource resource, WorkContext work) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }

    @FailsAt(value = "tellsThePowerIfItSaysSo", saying = "state()")
    public static final class SaysThatItTellsThePower extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public PowerState state(Resource resource) {
                    return PowerState.UNKNOWN;
                }
            };
        }
    }

    @FailsAt(value = "tellsThePowerIfItSaysSo", saying = "state() is null")
    public static final class NullState extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public PowerState state(Resource resource) {
                    return null;
                }
            };
        }
    }

    @FailsAt(value = "goesOnAfterACrash", saying = "again after a crash")
    public static final class LeavesALock extends Right {
        private boolean locked;

        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    if (locked) {
                        throw new AssertionError("again after a crash: somebody else is at it");
                    }
                    locked = true;
                    super.bring(attempted, resource, wanted, work);
                    locked = false;
                }
            };
        }
    }

    @FailsAt(value = "doesNothingAboutAMachineThatIsNotItsOwn", saying = "returned as if it was")
    public static final class SwitchesWhicheverMachine extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void ask(String attempted, Resource resource) {
                    // there is one machine only
                }
            };
        }
    }

    /** The fence of healing is made of it. */
    @FailsAt(
            value = "saysThatNobodyAnswers",
            saying = "POWER_OFF with nobody there cannot be done, and returned as if it was")
    public static final class TakesSilenceForObedience extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public void powerOff(Resource resource, WorkContext work) {
                    if (socket.gone) {
                        work.log("it does not answer, so it is off");
                        return;
                    }
                    super.powerOff(resource, work);
                }
            };
        }
    }

    @FailsAt(value = "saysThatNobodyAnswers", saying = "must end with one of")
    public static final class SaysThatItIsTheQuestion extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void ask(String attempted, Resource resource) {
                    if (socket.gone) {
                        throw QrmException.invalid(attempted, resource.name(), "no route to host", "");
                    }
                    super.ask(attempted, resource);
                }
            };
        }
    }

    @FailsAt(value = "saysThatNobodyAnswers", saying = "does not say why")
    public static final class SaysNothing extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void ask(String attempted, Resource resource) {
                    if (socket.gone) {
                        throw QrmException.failed(attempted, resource.name(), " ", "", null);
                    }
                    super.ask(attempted, resource);
                }
            };
        }
    }

    @FailsAt(value = "saysThatNobodyAnswers", saying = "a secret is in the message")
    public static final class TellsThePassword extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void ask(String attempted, Resource resource) {
                    if (socket.gone) {
                        throw QrmException.failed(
                                attempted,
                                resource.name(),
                                "curl failed",
                                "",
                                new IllegalStateException("curl -u admin:" + PASSWORD));
                    }
                    super.ask(attempted, resource);
                }
            };
        }
    }

    @FailsAt(value = "doesWhatItSaysAndLeavesAloneWhatIsAsWanted", saying = "a secret is in the log")
    public static final class LogsThePassword extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    work.log("logging in with " + PASSWORD);
                    super.bring(attempted, resource, wanted, work);
                }
            };
        }
    }

    @FailsAt(value = "doesNotTakeSilenceForOff", saying = "state() with nobody there")
    public static final class TakesSilenceForOff extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public PowerState state(Resource resource) {
                    return socket.gone ? PowerState.OFF : super.state(resource);
                }
            };
        }
    }

    @FailsAt(value = "endsAtItsDeadline", saying = "has not ended within")
    public static final class WaitsForEver extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    ask(attempted, resource);
                    while (socket.on != wanted && !Thread.currentThread().isInterrupted()) {
                        socket.order(wanted);
                        work.pause(Duration.ofMillis(1));
                    }
                }
            };
        }
    }

    @FailsAt(value = "endsAtItsDeadline", saying = "returned as if it was")
    public static final class GivesUpInSilence extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    ask(attempted, resource);
                    socket.order(wanted);
                }
            };
        }
    }

    @FailsAt(value = "endsWhenItIsCancelled", saying = "has not ended within")
    public static final class DoesNotHearOfAnEnd extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    ask(attempted, resource);
                    while (socket.on != wanted) {
                        socket.order(wanted);
                        work.log(attempted);
                        LockSupport.parkNanos(1_000_000);
                        if (Instant.now().isAfter(work.deadline())) {
                            throw QrmException.failed(attempted, resource.name(), "it is too late", "", null);
                        }
                    }
                }
            };
        }
    }

    @FailsAt(value = "canBeCalledByManyThreads", saying = "somebody else is at it")
    public static final class ForOneThread extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                private final AtomicBoolean busy = new AtomicBoolean();

                @Override
                void bring(String attempted, Resource resource, boolean wanted, WorkContext work) {
                    if (busy.getAndSet(true)) {
                        throw new IllegalStateException("somebody else is at it");
                    }
                    work.pause(Duration.ofMillis(200));
                    super.bring(attempted, resource, wanted, work);
                    busy.set(false);
                }
            };
        }
    }

    @FailsAt(value = "bearsConstantsOfALaterRelease", saying = "needs a default branch")
    public static final class KnowsAllStates extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public boolean controls(Resource resource) {
                    boolean known = switch (resource.state()) {
                        case NEW, IDLE, ASSIGNED, BOOTING, ACTIVE, RELEASING, OFF, ERROR, MAINTENANCE -> true;
                    };
                    return known && super.controls(resource);
                }
            };
        }
    }

    /** That is how it is to be done. */
    public static final class HasADefaultBranch extends Right {
        @Override
        protected PowerController controller() {
            return new Controller(socket) {
                @Override
                public boolean controls(Resource resource) {
                    boolean node = resource.kind() == ResourceKind.NODE;
                    boolean known = switch (resource.state()) {
                        case NEW -> false;
                        default -> node || resource.state() != ResourceState.NEW;
                    };
                    return known && super.controls(resource);
                }
            };
        }
    }

    @Test
    public void aDefaultBranchPasses() {
        Bites.none(HasADefaultBranch.class);
    }
}
