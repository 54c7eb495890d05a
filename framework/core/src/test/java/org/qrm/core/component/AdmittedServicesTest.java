package org.qrm.core.component;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.boot.BootService;
import org.qrm.api.environment.Requirements;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.plugin.Question;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectQuestions;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.node.AdmittedBootService;
import org.qrm.core.partition.AdmittedProvider;
import org.qrm.core.resource.AdmittedPowerController;
import org.qrm.core.settings.AdmittedQuestions;
import org.qrm.core.storage.AdmittedStorageType;

/** Whatever a plug-in's getter does, it is that plug-in alone that is left out. */
public class AdmittedServicesTest {

    private final PluginCalls calls = new PluginCalls();
    private final CountDownLatch never = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** What was left out, and why. */
    private static final class Refused implements Whiteboard.Refusals {
        final List<String> why = new ArrayList<>();

        @Override
        public void refused(Object service, String why) {
            this.why.add(why);
        }

        @Override
        public void over(Object service) {}
    }

    /** What a getter can do wrong; "blocks" is ended by the time limit. */
    private final Map<String, InvocationHandler> wrongs = Map.of(
            "answers null", (proxy, method, arguments) -> null,
            "throws",
                    (proxy, method, arguments) -> {
                        throw new IllegalStateException("on purpose");
                    },
            "throws an Error",
                    (proxy, method, arguments) -> {
                        throw new StackOverflowError();
                    },
            "is of another API",
                    (proxy, method, arguments) -> {
                        throw new NoSuchMethodError("on purpose");
                    },
            "blocks",
                    (proxy, method, arguments) -> {
                        never.await();
                        return null;
                    });

    private static final Map<String, List<Object>> MALFORMED = Map.of(
            "questions",
                    List.of(
                            List.of(),
                            Collections.nCopies(51, question("x")),
                            List.of(question("x"), question("x")),
                            List.of(question("a b")),
                            List.of(question(""))),
            "plugin", List.of("", " ", "Xen", "a/b", "../x", "x".repeat(33), "xen\n"),
            "macPrefix", List.of("", "00:16", "00:16:3e:", "00-16-3e", "01:16:3e", "00:16:3E", "zz:16:3e"),
            "name", List.of("", " ", "a/b", "1nfs", "x".repeat(33), "nfs\n"));

    @After
    public void end() {
        never.countDown();
        threads.shutdown();
        calls.close();
    }

    @Test
    public void aStorageTypeThatDoesNotSayItsNameIsLeftOut() throws Exception {
        Map<String, Object> good = Map.of("name", "nfs", "abilities", Set.of());
        eachWrongGetterIsRefused(StorageType.class, AdmittedStorageType.by(calls), good, StorageType::name, "nfs");
    }

    @Test
    public void aProviderThatDoesNotSayWhoItIsIsLeftOut() throws Exception {
        Map<String, Object> good =
                Map.of("plugin", "kvm", "macPrefix", "52:54:00", "hostNeeds", new Requirements(1, 0, 0, 2));
        eachWrongGetterIsRefused(
                PartitionProvider.class,
                AdmittedProvider.by(calls),
                good,
                each -> each.plugin() + each.macPrefix() + each.hostNeeds().nics(),
                "kvm52:54:002");
    }

    @Test
    public void aBootServiceThatDoesNotSayWhoseItIsIsLeftOut() throws Exception {
        Map<String, Object> good = Map.of("plugin", "kvm");
        eachWrongGetterIsRefused(BootService.class, AdmittedBootService.by(calls), good, BootService::plugin, "kvm");
    }

    @Test
    public void questionsThatDoNotSayWhoseTheyAreOrCannotBeAskedAreLeftOut() throws Exception {
        Map<String, Object> good =
                Map.of("plugin", "ipmi", "kind", ObjectKind.RESOURCE, "questions", List.of(question("address")));
        eachWrongGetterIsRefused(
                ObjectQuestions.class,
                AdmittedQuestions.by(calls),
                good,
                each -> each.plugin() + each.questions().get(0).name(),
                "ipmiaddress");
    }

    private static Question question(String name) {
        return new Question(name, "?", Question.Type.TEXT, "", true, List.of());
    }

    @Test
    public void aPowerControllerThatDoesNotAnswerControlsNothing() {
        Whiteboard<PowerController> board = new Whiteboard<>(calls, AdmittedPowerController.by(calls), new Refused());
        wrongs.forEach((wrong, does) -> board.arrived(fake(PowerController.class, Map.of(), "controls", does), 100));
        board.arrived(fake(PowerController.class, Map.of("controls", true), "", null), 0);
        List<Boolean> answers =
                board.services().stream().map(each -> each.controls(machine())).toList();
        assertEquals(wrongs.size() + 1, answers.size());
        assertEquals(1, answers.stream().filter(answer -> answer).count());
        assertTrue("the one that works", answers.get(answers.size() - 1));
    }

    @Test
    public void whatIsAskedLaterIsAskedOnce() {
        List<String> asked = new ArrayList<>();
        InvocationHandler counting = (proxy, method, arguments) -> {
            asked.add(method.getName());
            return "nfs";
        };
        Whiteboard<StorageType> board = new Whiteboard<>(calls, AdmittedStorageType.by(calls), new Refused());
        board.arrived(fake(StorageType.class, Map.of("abilities", Set.of()), "name", counting), 0);
        board.services().get(0).name();
        board.services().get(0).name();
        assertEquals(List.of("name"), asked);
    }

    /** All getters at a time: those that block take the time limit. */
    private <T> void eachWrongGetterIsRefused(
            Class<T> type, Admission<T> admission, Map<String, Object> good, Function<T, String> says, String said)
            throws Exception {
        List<CompletableFuture<Void>> tried = good.keySet().stream()
                .map(getter -> CompletableFuture.runAsync(
                        () -> aWrongGetterIsRefused(type, admission, good, getter, says, said), threads))
                .toList();
        for (CompletableFuture<Void> each : tried) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private <T> void aWrongGetterIsRefused(
            Class<T> type,
            Admission<T> admission,
            Map<String, Object> good,
            String getter,
            Function<T, String> says,
            String said) {
        Refused refused = new Refused();
        Whiteboard<T> board = new Whiteboard<>(calls, admission, refused);
        wrongs.forEach((wrong, does) -> board.arrived(fake(type, good, getter, does), 100));
        for (Object answer : MALFORMED.getOrDefault(getter, List.of())) {
            board.arrived(fake(type, good, getter, (proxy, method, arguments) -> answer), 100);
        }
        assertEquals(
                refused.why.toString(),
                wrongs.size() + MALFORMED.getOrDefault(getter, List.of()).size(),
                refused.why.size());
        refused.why.forEach(why -> assertFalse(why, why.isEmpty()));
        assertEquals("nobody but those that work is used", 0, board.services().size());
        board.arrived(fake(type, good, "", null), 0);
        assertEquals(1, board.services().size());
        assertEquals(said, says.apply(board.services().get(0)));
    }

    /** Answers its getters as given, but one of them as it pleases. */
    private static <T> T fake(Class<T> type, Map<String, Object> good, String wrong, InvocationHandler does) {
        InvocationHandler answers = (proxy, method, arguments) -> answer(good, wrong, does, proxy, method, arguments);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }

    private static Object answer(
            Map<String, Object> good,
            String wrong,
            InvocationHandler does,
            Object proxy,
            Method method,
            Object[] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "fake";
            default ->
                method.getName().equals(wrong) ? does.invoke(proxy, method, arguments) : good.get(method.getName());
        };
    }

    private static Resource machine() {
        return new Resource(
                1,
                new MacAddress("52:54:00:aa:00:01"),
                "node-1",
                ResourceKind.NODE,
                null,
                null,
                ResourceState.IDLE,
                "",
                Hardware.UNKNOWN,
                null,
                null,
                0,
                null,
                1);
    }
}
