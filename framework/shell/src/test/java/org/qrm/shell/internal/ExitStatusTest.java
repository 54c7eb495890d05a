package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

public class ExitStatusTest {

    /** As docs/cli.md has them. */
    private static final Map<Integer, Set<Problem.Kind>> STATUS = Map.of(
            1, Set.of(Problem.Kind.FAILED, Problem.Kind.TIMEOUT),
            2, Set.of(Problem.Kind.INVALID, Problem.Kind.TOO_LARGE),
            3, Set.of(Problem.Kind.NOT_FOUND),
            4, Set.of(Problem.Kind.CONFLICT, Problem.Kind.REFUSED),
            5, Set.of(Problem.Kind.UNAVAILABLE, Problem.Kind.UNREACHABLE),
            6, Set.of(Problem.Kind.FORBIDDEN, Problem.Kind.UNAUTHENTICATED));

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    public void whoHasNoTerminalGetsTheStatusOfTheCommandLine() throws Exception {
        for (Problem.Kind kind : Problem.Kind.values()) {
            shown.reset();
            Object status = AsUser.execute(new Failing(kind, null), "viewer", "ssh");
            assertTrue(kind + " ends with " + status, STATUS.get(status).contains(kind));
            assertEquals("Cannot try \"it\": that is so.\n", shown.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    public void whoHasATerminalGetsTheProblemAsKarafShowsIt() {
        Terminal terminal = proxy(Terminal.class, method -> null);
        assertThrows(
                QrmException.class,
                () -> AsUser.execute(new Failing(Problem.Kind.CONFLICT, terminal), "viewer", "ssh"));
    }

    @Needs(Role.VIEWER)
    @org.apache.karaf.shell.api.action.Command(scope = "qrm", name = "fail", description = "Fails.")
    public final class Failing extends ShowingCommand {

        private final Problem.Kind kind;

        Failing(Problem.Kind kind, Terminal terminal) {
            this.kind = kind;
            PrintStream console = new PrintStream(shown, true, StandardCharsets.UTF_8);
            session = proxy(Session.class, method -> method.equals("getConsole") ? console : terminal);
        }

        @Override
        void run() {
            throw new QrmException(new Problem(kind, "try", "it", "that is so", ""));
        }
    }

    private static <T> T proxy(Class<T> type, Function<String, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.apply(method.getName())));
    }
}
