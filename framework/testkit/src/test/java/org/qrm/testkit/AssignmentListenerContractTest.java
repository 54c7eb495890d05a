package org.qrm.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Resource;

public class AssignmentListenerContractTest {

    @Test
    public void whatIsRightPasses() {
        Bites.none(Right.class);
    }

    @Test
    public void whatDoesNothingPassesToo() {
        Bites.none(Idle.class);
    }

    @Test
    public void eachWrongOneIsFound() {
        Bites.all(AssignmentListenerContractTest.class);
    }

    /** Puts a word on the line of some environments' kernels, and remarks on each of their starts, once. */
    static class Listener implements AssignmentListener {
        final FakeEvents events;

        Listener(FakeEvents events) {
            this.events = events;
        }

        boolean concerns(Assignment assignment) {
            return assignment.environment().name().startsWith("quiet");
        }

        @Override
        public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
            if (!concerns(assignment)) {
                return planned;
            }
            BootModule kernel = planned.modules().get(0);
            List<BootModule> modules = new ArrayList<>(planned.modules());
            modules.set(0, new BootModule(kernel.file(), List.of("silent"), kernel.networkParameters()));
            return new BootConfiguration(planned.bootImage(), planned.loader(), modules);
        }

        @Override
        public Map<String, String> secretArguments(Assignment assignment, WorkContext work) {
            return concerns(assignment) ? Map.of("quiet.key", "hunter2") : Map.of();
        }

        @Override
        public void afterAssign(Assignment assignment, WorkContext work) {
            if (concerns(assignment)) {
                work.progress(0.5, "looking whether it was said");
                remark(
                        "environment/" + assignment.environment().name(),
                        assignment.resource().id());
            }
        }

        void remark(String subject, long machine) {
            boolean said = events.all().stream()
                    .anyMatch(event -> event.subject().equals(subject) && event.resource() == machine);
            if (!said) {
                events.record(Priority.INFO, "quiet", "quiet.started", subject, "It started.", machine);
            }
        }
    }

    /** The contract with a listener that keeps it. */
    public static class Right extends AssignmentListenerContract {
        final FakeEvents events = new FakeEvents();

        final AssignmentListener telling(Map<String, String> arguments) {
            return new Listener(events) {
                @Override
                public Map<String, String> secretArguments(Assignment assignment, WorkContext work) {
                    return arguments;
                }
            };
        }

        @Override
        protected AssignmentListener listener() {
            return new Listener(events);
        }

        @Override
        protected Assignment concerned() {
            return Environment.named("quiet1").on(Machine.node(1).resource());
        }

        @Override
        protected List<Assignment> unconcerned() {
            return List.of(Environment.named("loud").on(Machine.node(1).resource()));
        }

        @Override
        protected List<String> traces(Resource machine) {
            return events.all().stream()
                    .filter(event -> event.resource() == machine.id())
                    .map(Event::subject)
                    .toList();
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(5);
        }

        @Override
        protected Duration grace() {
            return Duration.ofSeconds(2);
        }
    }

    /** A listener that has no hook of its own. */
    public static final class Idle extends Right {
        @Override
        protected AssignmentListener listener() {
            return new AssignmentListener() {};
        }
    }

    // ---- wrong ones

    @FailsAt(value = "answersWhatAMachineCanBoot", saying = "beforeAssign() is null")
    public static final class NullToChangeNothing extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                public BootConfiguration beforeAssign(
                        Assignment assignment, BootConfiguration planned, WorkContext work) {
                    return null;
                }
            };
        }
    }

    /** What PXELINUX appends to a hypervisor's line does not reach the kernel. */
    @FailsAt(value = "answersWhatAMachineCanBoot", saying = "has the network parameters")
    public static final class LosesTheNetworkParameters extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                public BootConfiguration beforeAssign(
                        Assignment assignment, BootConfiguration planned, WorkContext work) {
                    return new BootConfiguration(
                            planned.bootImage(),
                            Loader.MULTIBOOT,
                            planned.modules().stream()
                                    .map(module -> new BootModule(module.file(), module.arguments(), false))
                                    .toList());
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatAMachineCanBeTold", saying = "secretArguments() is null")
    public static final class NullToTellNothing extends Right {
        @Override
        protected AssignmentListener listener() {
            return telling(null);
        }
    }

    @FailsAt(value = "tellsWhatAMachineCanBeTold", saying = "control character")
    public static final class TellsTwoLines extends Right {
        @Override
        protected AssignmentListener listener() {
            return telling(Map.of("quiet.key", "hunter\n2"));
        }
    }

    @FailsAt(value = "tellsWhatAMachineCanBeTold", saying = "no name of an argument")
    public static final class TellsUnderNoName extends Right {
        @Override
        protected AssignmentListener listener() {
            return telling(Map.of("quiet key", "hunter2"));
        }
    }

    @FailsAt(value = "tellsWhatAMachineCanBeTold", saying = "for everybody to read")
    public static final class TellsEverybody extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                public BootConfiguration beforeAssign(
                        Assignment assignment, BootConfiguration planned, WorkContext work) {
                    return new BootConfiguration(
                            planned.bootImage(),
                            planned.loader(),
                            List.of(new BootModule("vmlinuz", List.of("quiet.key=hunter2"), true)));
                }
            };
        }
    }

    @FailsAt(value = "leavesOthersAlone", saying = "are told, with which it has nothing to do")
    public static final class TellsAll extends Right {
        @Override
        protected AssignmentListener listener() {
            return telling(Map.of("quiet.key", "hunter2"));
        }
    }

    @FailsAt(value = "answersTheSameWhenItIsAskedAgain", saying = "secretArguments() the second time")
    public static final class TellsAnotherThingEachTime extends Right {
        private int times;

        @Override
        protected AssignmentListener listener() {
            return telling(Map.of("quiet.key", "hunter" + ++times));
        }
    }

    @FailsAt(value = "answersTheSameWhenItIsAskedAgain", saying = "the second time")
    public static final class CountsOnTheKernelsLine extends Right {
        private int times;

        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                public BootConfiguration beforeAssign(
                        Assignment assignment, BootConfiguration planned, WorkContext work) {
                    return new BootConfiguration(
                            planned.bootImage(),
                            planned.loader(),
                            List.of(new BootModule("vmlinuz", List.of("start=" + ++times), true)));
                }
            };
        }
    }

    @FailsAt(value = "leavesOthersAlone", saying = "with which it has nothing to do")
    public static final class ChangesAll extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                boolean concerns(Assignment assignment) {
                    return true;
                }
            };
        }
    }

    @FailsAt(value = "doesTheSameOnceHoweverOftenItIsCalled", saying = "AFTER_ASSIGN that was repeated")
    public static final class RemarksEachTime extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                void remark(String subject, long machine) {
                    events.record(Priority.INFO, "quiet", "quiet.started", subject, "It started.", machine);
                }
            };
        }
    }

    @FailsAt(value = "goesOnAfterACrash", saying = "with a crash")
    public static final class RemarksBeforeAndAfter extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                public void afterAssign(Assignment assignment, WorkContext work) {
                    long machine = assignment.resource().id();
                    if (events.all().stream().noneMatch(event -> event.resource() == machine)) {
                        events.record(Priority.INFO, "quiet", "quiet.starts", "begins", "It starts.", machine);
                        work.progress(0.5, "starting");
                        events.record(Priority.INFO, "quiet", "quiet.started", "ends", "It started.", machine);
                    }
                }
            };
        }
    }

    @FailsAt(value = "bearsTheEndOfWhatItDidNotSeeBegin", saying = "it was not assigned")
    public static final class RemembersWhoWasAssigned extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                private final Set<Long> assigned = new HashSet<>();

                @Override
                public void afterRelease(Assignment assignment, WorkContext work) {
                    if (!assigned.remove(assignment.resource().id())) {
                        throw QrmException.conflict("release", "machine", "it was not assigned", "");
                    }
                }
            };
        }
    }

    @FailsAt(value = "bearsEveryMachineAndEnvironment", saying = "NullPointerException")
    public static final class NeedsAnAddress extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                public void afterRelease(Assignment assignment, WorkContext work) {
                    work.log("closing " + assignment.resource().address().strip());
                }
            };
        }
    }

    @FailsAt(value = "bearsConstantsOfALaterRelease", saying = "needs a default branch")
    public static final class KnowsBothModes extends Right {
        @Override
        protected AssignmentListener listener() {
            return new Listener(events) {
                @Override
                boolean concerns(Assignment assignment) {
                    boolean known = switch (assignment.environment().mode()) {
                        case SINGLE, MULTI -> true;
                    };
                    return known && super.concerns(assignment);
                }
            };
        }
    }
}
