package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.junit.Test;
import org.qrm.commands.ApiServices;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Commands;
import org.qrm.commands.Router;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Verb;
import org.qrm.commands.line.noun.Nouns;

public class VerbsByHandTest {

    private final Deque<String> typed = new ArrayDeque<>();
    private final ToldAudit audit = new ToldAudit();
    private final ApiServices services = new ApiServices() {
        @Override
        public ToldAudit auditLog() {
            return audit;
        }
    };
    private final Commands described = new Commands(services, null);
    private final List<VerbCommand> commands = VerbCommand.byHand(
            described, new Router(described.routes(), described::routesOfPlugins), new AuditTrail(services));

    @Test
    public void aSecretIsTypedTwiceAlike() {
        typed.addAll(List.of("one password", "another password"));
        Failure refused = assertThrows(Failure.class, () -> run("user-create", "ann", "--role", "viewer"));
        assertEquals(Failure.USAGE, refused.status());
        assertEquals("The two differ; nothing was changed.", refused.getMessage());
        assertEquals(List.of(), audit.told);
        typed.addAll(List.of("one password", "one password"));
        Failure away = assertThrows(Failure.class, () -> run("user-create", "ann", "--role", "viewer"));
        assertEquals("its service is not there, but it came so far", Failure.UNREACHABLE, away.status());
        assertTrue(audit.told.toString(), audit.told.get(0).startsWith("ann|console|qrm:user-create|"));
        assertTrue(audit.told.toString(), !audit.told.toString().contains("password"));
    }

    @Test
    public void whoMayNotIsRefusedAndWrittenDown() {
        typed.addAll(List.of("value", "value"));
        Failure refused = assertThrows(
                Failure.class,
                () -> AsUser.run(
                        () -> command("ve-set-secret").execute(atTerminal(), List.of("web1", "pw")), "operator"));
        assertEquals(Failure.AUTHENTICATION, refused.status());
        assertTrue(audit.told.toString(), audit.told.get(0).startsWith("ann|console|qrm:ve-set-secret|web1 pw|"));
    }

    @Test
    public void everyWordIsCompletedByWhatItNames() {
        Map<String, List<String>> references = Map.of(
                "ve-set-secret", List.of("ve", Nouns.SECRET_ARGUMENT),
                "resource-configure", List.of("resource", "plugin", Nouns.SETTING),
                "boot-image-put-file", List.of("boot-image", Nouns.FILE),
                "operation-wait", List.of("operation"),
                "user-create", List.of(""));
        references.forEach((name, expected) -> assertEquals(
                name,
                expected,
                sketch(name).arguments().stream().map(Verb.Argument::reference).toList()));
        Verb.Option role = sketch("token-create").options().stream()
                .filter(option -> option.name().equals("--role"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("viewer", "operator", "admin"), role.words());
    }

    private static Verb sketch(String name) {
        return Nouns.nouns().entrySet().stream()
                .flatMap(noun -> Nouns.verbs(noun.getValue().apply(null).getClass()).stream()
                        .map(verb -> Nouns.sketch(noun.getKey(), verb)))
                .filter(verb -> name.equals(verb.noun() + "-" + verb.name()))
                .findFirst()
                .orElseThrow();
    }

    private Object run(String name, String... words) throws Exception {
        return AsUser.run(() -> command(name).execute(atTerminal(), List.of((Object[]) words)), "admin");
    }

    private VerbCommand command(String name) {
        return commands.stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Session atTerminal() {
        Terminal terminal = proxy(Terminal.class, method -> method.startsWith("get") ? 80 : null);
        return proxy(Session.class, method -> method.equals("readLine") ? typed.poll() : terminal);
    }

    private static <T> T proxy(Class<T> type, Function<String, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.apply(method.getName())));
    }
}
