package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

public class ExitStatusTest {

    /** As docs/cli.md has them. */
    private static final Map<Problem.Kind, Integer> STATUS = Map.of(
            Problem.Kind.FAILED, 1,
            Problem.Kind.TIMEOUT, 1,
            Problem.Kind.INVALID, 2,
            Problem.Kind.TOO_LARGE, 2,
            Problem.Kind.NOT_FOUND, 3,
            Problem.Kind.CONFLICT, 4,
            Problem.Kind.REFUSED, 4,
            Problem.Kind.UNAVAILABLE, 5,
            Problem.Kind.FORBIDDEN, 6,
            Problem.Kind.UNAUTHENTICATED, 6);

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    public void whoHasNoTerminalGetsTheStatusOfTheCommandLine() throws Exception {
        for (Problem.Kind kind : Problem.Kind.values()) {
            shown.reset();
            assertEquals(kind.name(), STATUS.get(kind), AsUser.execute(new Failing(kind, null), "viewer", "ssh"));
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
