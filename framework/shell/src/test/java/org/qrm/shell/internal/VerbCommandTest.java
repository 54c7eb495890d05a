package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.Page;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.commands.ApiServices;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Commands;
import org.qrm.commands.Router;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.noun.Nouns;

public class VerbCommandTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream console = System.out;
    private final List<String> deleted = new ArrayList<>();
    private final ToldAudit audit = new ToldAudit();
    private final Commands described = new Commands(new Services(), null);

    @Before
    public void listen() {
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @After
    public void giveTheConsoleBack() {
        System.setOut(console);
    }

    @Test
    public void writesDownWhoRanItOnWhat() throws Exception {
        assertNull(run("admin", "ve-delete", "web1"));
        assertEquals(List.of("ann|console|qrm:ve-delete|web1|ok"), audit.told);
        assertEquals(List.of("web1"), deleted);
        assertEquals("Virtual environment web1 is deleted.\n", said());
    }

    @Test
    public void writesDownWhyItWasNotDone() {
        Failure none = assertThrows(Failure.class, () -> run("admin", "ve-delete", "none"));
        assertEquals(Failure.NOT_FOUND, none.status());
        assertEquals(List.of("ann|console|qrm:ve-delete|none|there is no such virtual environment"), audit.told);
    }

    @Test
    public void writesDownWhoLackedTheRole() {
        Failure refused = assertThrows(Failure.class, () -> run("operator", "ve-delete", "web1"));
        assertEquals(Failure.AUTHENTICATION, refused.status());
        assertEquals(
                List.of("ann|console|qrm:ve-delete|web1|it needs the role admin, and ann is operator"), audit.told);
        assertEquals(List.of(), deleted);
    }

    @Test
    public void changesNothingThatCannotBeWrittenDown() {
        audit.full = true;
        Failure refused = assertThrows(Failure.class, () -> run("admin", "ve-delete", "web1"));
        assertEquals(Failure.UNREACHABLE, refused.status());
        assertEquals(List.of(), deleted);
    }

    @Test
    public void doesNotWriteDownLooking() throws Exception {
        assertEquals("the chain is broken", 1, run("admin", "audit-verify"));
        assertEquals(List.of(), audit.told);
    }

    @Test
    public void takesOptionsAnywhereAndWritesWhatIsAskedFor() throws Exception {
        run("viewer", "ve-show", "web1", "--json");
        String after = said();
        said.reset();
        run("viewer", "ve-show", "-o", "json", "web1");
        assertEquals(after, said());
        assertTrue(after, after.contains("\"state\" : \"inactive\""));
        said.reset();
        run("viewer", "ve-list", "--no-headers", "--columns", "name,state");
        assertEquals("web1  inactive\n", said());
        said.reset();
        run("viewer", "ve-list", "-o", "csv", "--columns", "name");
        assertEquals("NAME\r\nweb1\r\n", said());
        said.reset();
        run("viewer", "ve-list", "-o", "name");
        assertEquals("web1\n", said());
    }

    @Test
    public void searchIsACommandOfOneWord() throws Exception {
        run("viewer", "search", "state:inactive", "heal:none", "-o", "name");
        assertEquals("web1\n", said());
        said.reset();
        run("viewer", "ve-list", "state:inactive", "-o", "name");
        assertEquals("web1\n", said());
        Failure refused = assertThrows(Failure.class, () -> run("viewer", "search", "frob:1"));
        assertEquals(Failure.USAGE, refused.status());
        assertTrue(refused.getMessage(), refused.getMessage().contains("at character 1, there is no field frob"));
    }

    @Test
    public void refusesWhatItDoesNotUnderstand() {
        for (String[] words :
                new String[][] {{"ve-show"}, {"ve-show", "web1", "--frobnicate"}, {"ve-list", "-o", "x"}}) {
            Failure refused = assertThrows(words[0], Failure.class, () -> run("admin", words));
            assertEquals(Failure.USAGE, refused.status());
            assertTrue(refused.getMessage(), refused.getMessage().contains("See qrm:" + words[0] + " --help."));
        }
    }

    @Test
    public void tellsOfItself() throws Exception {
        run("viewer", "ve-start", "--help");
        assertTrue(said(), said().contains("--count"));
    }

    @Test
    public void everyVerbHasItsOwnNameAndASentence() {
        Set<String> names = Nouns.nouns().entrySet().stream()
                .flatMap(noun -> Nouns.verbs(noun.getValue().apply(null).getClass()).stream()
                        .map(verb -> noun.getKey() + "-"
                                + Nouns.sketch(noun.getKey(), verb).name()))
                .collect(Collectors.toCollection(HashSet::new));
        for (Verb verb : verbs()) {
            assertTrue(verb.words() + " is there twice", names.add(verb.words().replace(' ', '-')));
            assertTrue(verb.words() + " has no sentence", verb.about().endsWith("."));
            verb.options()
                    .forEach(option -> assertFalse(
                            verb.words() + option.name(), option.about().isEmpty()));
        }
        assertTrue("only " + names.size() + " verbs", names.size() > 65);
    }

    private List<Verb> verbs() {
        return described.verbs().values().stream().flatMap(List::stream).toList();
    }

    private Object run(String role, String... words) throws Exception {
        Verb verb = verbs().stream()
                .filter(each -> words[0].equals(each.words().replace(' ', '-')))
                .findFirst()
                .orElseThrow();
        VerbCommand command = new VerbCommand(
                verb,
                described,
                new Router(described.routes(), described::routesOfPlugins),
                new AuditTrail(new Services()));
        List<Object> arguments = List.of((Object[]) words).subList(1, words.length);
        return AsUser.run(() -> command.execute(atTerminal(), arguments), role);
    }

    private static Session atTerminal() {
        Terminal terminal = proxy(Terminal.class, method -> method.startsWith("get") ? 80 : null);
        return proxy(Session.class, method -> terminal);
    }

    private static <T> T proxy(Class<T> type, Function<String, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.apply(method.getName())));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    /** A server with one virtual environment. */
    private final class Services extends ApiServices {

        @Override
        public AuditLog auditLog() {
            return audit;
        }

        @Override
        public VirtualEnvironments virtualEnvironments() {
            return (VirtualEnvironments) Proxy.newProxyInstance(
                    VirtualEnvironments.class.getClassLoader(),
                    new Class<?>[] {VirtualEnvironments.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "find" ->
                            Optional.of("web1").filter(arguments[0]::equals).map(name -> web1());
                        case "list" -> new Page<>(List.of(web1()), null);
                        case "delete" -> {
                            deleted.add((String) arguments[0]);
                            yield null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private VirtualEnvironment web1() {
            return new VirtualEnvironment(
                    new EnvironmentSpec(
                            "web1",
                            "default",
                            "web1",
                            EnvironmentMode.SINGLE,
                            null,
                            EnvironmentSpec.ON_NODE,
                            Requirements.NONE,
                            List.of(),
                            ""),
                    EnvironmentState.INACTIVE,
                    "",
                    List.of(),
                    1);
        }
    }
}
