package org.qrm.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.boot.KernelArgument;
import org.qrm.api.boot.SecretArgument;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.HealMode;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/**
 * What the server relies on of an {@link AssignmentListener}. A plug-in's test extends it, and says by its abstract methods what the
 * listener acts on and what it leaves elsewhere.
 */
public abstract class AssignmentListenerContract extends Contract {

    /** The listener; another one each time, as after a restart of the server. */
    protected abstract AssignmentListener listener();

    /** A machine and an environment that it does something about. */
    protected abstract Assignment concerned();

    /** What that machine would boot. */
    protected BootConfiguration planned() {
        return new BootConfiguration(
                concerned().environment().bootImage(),
                Loader.LINUX,
                List.of(
                        new BootModule("vmlinuz", List.of("quiet"), true),
                        new BootModule("initrd.img", List.of(), false)));
    }

    /** Machines and environments that it has nothing to do with; none if it acts on all. */
    protected List<Assignment> unconcerned() {
        return List.of();
    }

    /**
     * What it has left anywhere about a machine, as events and files, in words that are the same when it did the same; nothing if it
     * leaves nothing.
     */
    protected List<String> traces(Resource machine) throws Exception {
        return List.of();
    }

    /** What the server calls, in the order of an environment's life. */
    private enum Hook {
        BEFORE_ASSIGN {
            @Override
            void call(AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work) {
                listener.beforeAssign(assignment, planned, work);
            }
        },
        SECRET_ARGUMENTS {
            @Override
            void call(AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work) {
                listener.secretArguments(assignment, work);
            }
        },
        AFTER_ASSIGN {
            @Override
            void call(AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work) {
                listener.afterAssign(assignment, work);
            }
        },
        BEFORE_RELEASE {
            @Override
            void call(AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work) {
                listener.beforeRelease(assignment, false, work);
            }
        },
        BEFORE_FORCED_RELEASE {
            @Override
            void call(AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work) {
                listener.beforeRelease(assignment, true, work);
            }
        },
        AFTER_RELEASE {
            @Override
            void call(AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work) {
                listener.afterRelease(assignment, work);
            }
        };

        abstract void call(
                AssignmentListener listener, Assignment assignment, BootConfiguration planned, WorkContext work);
    }

    private BootConfiguration boots(Assignment assignment, BootConfiguration planned) throws Exception {
        List<BootConfiguration> answer = new ArrayList<>();
        call("beforeAssign()", work -> answer.add(listener().beforeAssign(assignment, planned, work)));
        assertNotNull("beforeAssign() is null: answer what was planned to change nothing", answer.get(0));
        return answer.get(0);
    }

    private Map<String, String> tells(Assignment assignment) throws Exception {
        List<Map<String, String>> answer = new ArrayList<>();
        call("secretArguments()", work -> answer.add(listener().secretArguments(assignment, work)));
        assertNotNull("secretArguments() is null: answer an empty map to tell nothing", answer.get(0));
        return answer.get(0);
    }

    @Test
    public void tellsWhatAMachineCanBeTold() throws Exception {
        Map<String, String> told = tells(concerned());
        told.forEach((name, value) -> SecretArgument.checkedValue(SecretArgument.checkedName(name), value));
        assertTrue(
                "secretArguments() are " + told.size() + ", and all listeners together may give " + SecretArgument.MOST,
                told.size() <= SecretArgument.MOST);
        for (BootModule module : boots(concerned(), planned()).modules()) {
            for (String name : told.keySet()) {
                assertTrue(
                        name + " is told the machine alone, and is on the line of " + module.file()
                                + " for everybody to read",
                        module.arguments().stream().noneMatch(argument -> argument.startsWith(name + "=")));
            }
        }
    }

    @Test
    public void answersWhatAMachineCanBoot() throws Exception {
        BootConfiguration boots = boots(concerned(), planned());
        assertTrue(
                "no module of " + boots + " has the network parameters: a machine finds its server by them",
                boots.modules().stream().anyMatch(BootModule::networkParameters));
        for (BootModule module : boots.modules()) {
            KernelArgument.checkTogether(module.arguments());
        }
    }

    @Test
    public void answersTheSameWhenItIsAskedAgain() throws Exception {
        assertEquals("beforeAssign() the second time", boots(concerned(), planned()), boots(concerned(), planned()));
        assertEquals("secretArguments() the second time", tells(concerned()), tells(concerned()));
    }

    @Test
    public void leavesOthersAlone() throws Exception {
        for (Assignment assignment : unconcerned()) {
            List<String> before = traces(assignment.resource());
            assertEquals(
                    "what " + assignment.environment().name() + " boots, with which it has nothing to do",
                    planned(),
                    boots(assignment, planned()));
            assertEquals(
                    "what machines of " + assignment.environment().name()
                            + " are told, with which it has nothing to do",
                    Map.of(),
                    tells(assignment));
            for (Hook hook : Hook.values()) {
                call(hook.toString(), work -> hook.call(listener(), assignment, planned(), work));
            }
            assertEquals("what it did about others", before, traces(assignment.resource()));
        }
    }

    /** As after a crash: the same call, with nothing remembered. */
    @Test
    public void doesTheSameOnceHoweverOftenItIsCalled() throws Exception {
        for (Hook hook : Hook.values()) {
            call(hook.toString(), work -> hook.call(listener(), concerned(), planned(), work));
            List<String> once = traces(concerned().resource());
            call(hook + ", again", work -> hook.call(listener(), concerned(), planned(), work));
            assertEquals(
                    "what it did in " + hook + " that was repeated",
                    once,
                    traces(concerned().resource()));
        }
    }

    @Test
    public void goesOnAfterACrash() throws Exception {
        AtomicLong machine = new AtomicLong(1000);
        for (Hook hook : Hook.values()) {
            call(hook.toString(), work -> hook.call(listener(), another(machine), planned(), work));
            int undisturbed = traces(another(machine).resource()).size();
            repeatedAfterEachCrash(
                    hook.toString(),
                    machine::incrementAndGet,
                    work -> hook.call(listener(), another(machine), planned(), work),
                    () -> assertEquals(
                            "how much it did in " + hook + " with a crash: "
                                    + traces(another(machine).resource()),
                            undisturbed,
                            traces(another(machine).resource()).size()));
            machine.incrementAndGet();
        }
    }

    private Assignment another(AtomicLong number) {
        return new Assignment(
                Machine.like(concerned().resource()).numbered(number.get()).resource(),
                concerned().environment());
    }

    /** A machine may be given up that never started, or whose start another version of the plug-in heard of. */
    @Test
    public void bearsTheEndOfWhatItDidNotSeeBegin() throws Exception {
        call("afterRelease()", work -> listener().afterRelease(concerned(), work));
        call("beforeRelease(force)", work -> listener().beforeRelease(concerned(), true, work));
    }

    @Test
    public void bearsEveryMachineAndEnvironment() throws Exception {
        for (Assignment assignment : odd()) {
            for (Hook hook : Hook.values()) {
                doneOrRefused(hook + " of " + assignment, work -> hook.call(listener(), assignment, planned(), work));
            }
            try {
                boots(assignment, planned());
            } catch (QrmException refused) {
                complete("beforeAssign()", refused);
            }
        }
    }

    private List<Assignment> odd() {
        Assignment usual = concerned();
        return List.of(
                new Assignment(Machine.like(usual.resource()).neverSeen().resource(), usual.environment()),
                new Assignment(
                        Machine.partition(12, 3, "another").boundTo("web1").resource(), usual.environment()),
                Environment.named("web1").on(Machine.node(13).resource()),
                Environment.named("a".repeat(63)).in(EnvironmentMode.MULTI).on(usual.resource()),
                Environment.named("web1").partitioning("another").on(usual.resource()),
                Environment.named("web1").onPartitionsOf("another").on(usual.resource()),
                Environment.named("web1")
                        .withArguments("a".repeat(KernelArgument.MOST_TOGETHER - 2))
                        .on(usual.resource()));
    }

    @Test
    public void canBeCalledByManyThreads() throws Exception {
        AssignmentListener one = listener();
        Call[] calls = new Call[8];
        for (int number = 0; number < calls.length; number++) {
            Assignment each = new Assignment(
                    Machine.like(concerned().resource())
                            .named("node-x" + number)
                            .resource(),
                    concerned().environment());
            calls[number] = work -> {
                for (Hook hook : Hook.values()) {
                    hook.call(one, each, planned(), work);
                }
            };
        }
        together("eight machines at once", calls);
    }

    @Test
    public void bearsConstantsOfALaterRelease() throws Throwable {
        inALaterRelease("bearsConstantsOfALaterRelease", () -> {
            Assignment usual = concerned();
            BootConfiguration otherLoader = new BootConfiguration(
                    planned().bootImage(),
                    GrownApi.unknown(Loader.class),
                    planned().modules());
            List<Assignment> later = List.of(
                    new Assignment(
                            Machine.like(usual.resource())
                                    .in(GrownApi.unknown(ResourceState.class))
                                    .resource(),
                            usual.environment()),
                    new Assignment(
                            Machine.like(usual.resource())
                                    .ofKind(GrownApi.unknown(ResourceKind.class))
                                    .resource(),
                            usual.environment()),
                    Environment.named("web1")
                            .in(GrownApi.unknown(EnvironmentMode.class))
                            .healedBy(GrownApi.unknown(HealMode.class))
                            .on(usual.resource()));
            for (Hook hook : Hook.values()) {
                for (Assignment each : later) {
                    doneOrRefused(hook.toString(), work -> hook.call(listener(), each, planned(), work));
                }
                doneOrRefused(hook.toString(), work -> hook.call(listener(), usual, otherLoader, work));
            }
        });
    }
}
