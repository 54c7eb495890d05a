package org.qrm.shell.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Commands;

/** The Karaf console's commands, as {@code ssh HOST qrm:…} runs them, as admin. */
public final class TypedAtKaraf implements AutoCloseable {

    private final Map<String, Command> commands = new ConcurrentHashMap<>();
    private final VerbCommands verbs;

    public TypedAtKaraf(Commands described, ApiServices services) {
        Registry registry = proxy(Registry.class, (proxy, method, arguments) -> {
            Command command = (Command) arguments[0];
            return method.getName().equals("register")
                    ? commands.put(command.getName(), command)
                    : commands.remove(command.getName());
        });
        verbs = new VerbCommands(
                described, services, proxy(SessionFactory.class, (proxy, method, arguments) -> registry));
    }

    /** {@code ve-start}. */
    public Set<String> names() {
        return commands.keySet();
    }

    /** What it wrote, and how it ended. */
    public record Said(int status, String answer, String sentence) {}

    /** @param input what is written to it */
    public Said run(String name, String input, List<String> words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayInputStream keyboard = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        PrintStream shown = new PrintStream(err, true, StandardCharsets.UTF_8);
        Session session = proxy(Session.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getConsole" -> shown;
            case "getKeyboard" -> keyboard;
            default -> null;
        });
        Subject admin =
                new Subject(true, Set.of(new UserPrincipal("admin"), new RolePrincipal("admin")), Set.of(), Set.of());
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            PrivilegedExceptionAction<Object> run = () -> commands.get(name).execute(session, List.copyOf(words));
            Object status = Subject.doAs(admin, run);
            return new Said(
                    status == null ? 0 : (Integer) status,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } catch (PrivilegedActionException e) {
            throw e.getException();
        } finally {
            System.setOut(before);
        }
    }

    @Override
    public void close() {
        verbs.leave();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
