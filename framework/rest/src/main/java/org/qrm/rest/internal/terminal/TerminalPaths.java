package org.qrm.rest.internal.terminal;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.noun.Paths;
import org.qrm.commands.noun.ResourceLookup;

/** Terminals: shells on machines, consoles of machines and of partitions, for whoever opened them. */
public final class TerminalPaths implements Paths {

    private static final List<String> SHELL = List.of("shell");
    private static final String PATH = "/terminals/{id}";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final QueryParameter<Long> FROM = QueryParameter.withFallback(
            "from", Long.class, "number of the first byte that is wanted; those before are forgotten", 0L);

    private final ApiServices services;
    private final Terminals terminals;

    record TerminalView(
            @About("its number") long id,
            @About("the machine, or the partition") long resource) {}

    record Size(
            @About("characters in a line, 1 to 1000") Integer columns,
            @About("lines, 1 to 1000") Integer rows) {
        TerminalSize checked() {
            return new TerminalSize(columns, rows);
        }
    }

    record Typed(
            @About(value = "what the keys sent", most = 64_000)
            String text) {}

    record OutputView(
            @About("number of its first byte") long from,

            @About("what the terminal wrote, base64; may be empty")
            String data,

            @About("number of the byte that follows") long next,
            @About("whether what ran there has ended") boolean ended) {
        static OutputView of(OpenTerminal.Output output) {
            return new OutputView(
                    output.from(),
                    Base64.getEncoder().encodeToString(output.bytes()),
                    output.from() + output.bytes().length,
                    output.ended());
        }
    }

    public TerminalPaths(ApiServices services, Terminals terminals) {
        this.services = services;
        this.terminals = terminals;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/resources/{id}/terminals", "Opens a terminal on a machine: a shell of root.")
                        .only(Role.ADMIN)
                        .takes(Size.class)
                        .secret()
                        .answers(201, TerminalView.class)
                        .by(this::openShell),
                Route.post("/resources/{id}/consoles", "Opens a machine's serial console as a terminal.")
                        .takes(Size.class)
                        .secret()
                        .answers(201, TerminalView.class)
                        .by(this::openMachineConsole),
                Route.post("/partitions/{id}/terminals", "Opens a partition's console as a terminal.")
                        .takes(Size.class)
                        .secret()
                        .answers(201, TerminalView.class)
                        .by(this::openConsole),
                Route.get(PATH, "A terminal of the caller's that is open.")
                        .only(Role.OPERATOR)
                        .answers(200, TerminalView.class)
                        .by(call -> Answer.ok(view(find(call)))),
                Route.delete(PATH, "Closes a terminal, and hangs up what runs there.")
                        .only(Role.OPERATOR)
                        .answers(204, Content.NOTHING)
                        .by(this::close),
                Route.get(PATH + "/output", "What it writes: held until there is something, 20 s at most.")
                        .only(Role.OPERATOR)
                        .query(FROM)
                        .answers(200, OutputView.class)
                        .by(this::output),
                Route.post(PATH + "/input", "Types at it. The audit log has the opening, not each key.")
                        .takes(Typed.class)
                        .secret()
                        .quiet()
                        .answers(204, Content.NOTHING)
                        .by(this::type),
                Route.post(PATH + "/size", "Tells it another size.")
                        .takes(Size.class)
                        .secret()
                        .quiet()
                        .answers(204, Content.NOTHING)
                        .by(this::resize));
    }

    private Answer openShell(Call call) throws Exception {
        TerminalSize size = call.body(Size.class).checked();
        long resource = ResourceLookup.find(services, call.path("id")).id();
        return opened(
                call, Role.ADMIN, resource, () -> services.remoteCommands().openTerminal(resource, SHELL, size));
    }

    private Answer openMachineConsole(Call call) throws Exception {
        TerminalSize size = call.body(Size.class).checked();
        Resource resource = ResourceLookup.find(services, call.path("id"));
        Supplier<Terminal> console = resource.kind() == ResourceKind.PARTITION
                ? () -> services.partitions().openTerminal(resource.id(), size)
                : () -> services.machinePower().openConsole(resource.id(), size);
        return opened(call, Role.OPERATOR, resource.id(), console);
    }

    private Answer openConsole(Call call) throws Exception {
        TerminalSize size = call.body(Size.class).checked();
        long partition = ResourceLookup.partition(services, call.path("id")).id();
        return opened(
                call, Role.OPERATOR, partition, () -> services.partitions().openTerminal(partition, size));
    }

    private Answer opened(Call call, Role role, long resource, Supplier<Terminal> far) {
        OpenTerminal opened =
                terminals.open(new OpenTerminal.Opening(call.caller().name(), role, resource), far);
        return Answer.created("/terminals/" + opened.id(), view(opened));
    }

    private Answer close(Call call) {
        call.<TerminalView>expected(Function.identity()).check(view(find(call)));
        terminals.close(call.caller(), call.number("id", "terminal"));
        return Answer.NO_CONTENT;
    }

    private Answer output(Call call) throws Exception {
        return Answer.ok(OutputView.of(find(call).read(call.query(FROM), PATIENCE)));
    }

    private Answer type(Call call) throws Exception {
        find(call).type(call.body(Typed.class).text);
        return Answer.NO_CONTENT;
    }

    private Answer resize(Call call) throws Exception {
        find(call).resize(call.body(Size.class).checked());
        return Answer.NO_CONTENT;
    }

    private OpenTerminal find(Call call) {
        return terminals.find(call.caller(), call.number("id", "terminal"));
    }

    private static TerminalView view(OpenTerminal terminal) {
        return new TerminalView(terminal.id(), terminal.resource());
    }
}
