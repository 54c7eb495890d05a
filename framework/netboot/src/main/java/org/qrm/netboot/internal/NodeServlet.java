package org.qrm.netboot.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Metrics;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Inventory;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.resource.MacAddress;
import org.qrm.netboot.internal.NodeCalls.Caller;

/** What booting and running machines ask over HTTPS: {@code /node/v1} of docs/node-protocol.md. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("org.qrm.netboot.node")
@HttpWhiteboardServletPattern("/node/v1/*")
@HttpWhiteboardServletAsyncSupported
public final class NodeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String ROOT = "/node/v1/";
    private static final String BOOT_SERVICES = ROOT + "boot-services/";
    private static final String BOOT_CONFIGURATIONS = ROOT + "boot-configurations/";
    private static final Set<String> ROUTES = Set.of(ROOT + "register", ROOT + "report", ROOT + "inventory");
    private static final long ANSWER_MILLIS = 30_000;
    private static final byte[] CONTINUE = NodeAnswer.instruction(new Instruction.Continue());

    private final transient Core core;
    private final transient NodeCalls calls;
    private final transient Refusals refusals;
    private final transient PlainConfiguration plain = new PlainConfiguration();
    private final transient RequestFigures figures;
    private final transient HeldReports held = new HeldReports();

    @Activate
    public NodeServlet(
            @Reference Core core,
            @Reference NodeCalls calls,
            @Reference Refusals refusals,
            @Reference Metrics metrics) {
        this.figures = new RequestFigures(metrics);
        this.core = core;
        this.calls = calls;
        this.refusals = refusals;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestFigures.Measured measured = figures.begin(request, route(request.getRequestURI()));
        try {
            serve(request, response);
        } finally {
            measured.returned(response);
        }
    }

    /** What is asked for, without what differs from one to the next. */
    private static String route(String path) {
        if (path.startsWith(BOOT_SERVICES)) {
            return BOOT_SERVICES + "{plugin}";
        }
        if (path.startsWith(BOOT_CONFIGURATIONS)) {
            return BOOT_CONFIGURATIONS + "{mac}";
        }
        return ROUTES.contains(path) ? path : "other";
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.isSecure()) {
            refuse(response, 404, "Machines talk to the server over HTTPS.");
        } else if (refusals.tooMany(request.getRemoteAddr()) && !bearsToken(request)) {
            refuse(response, 429, "Too many of this address's requests were refused.");
        } else {
            answer(request, response);
        }
    }

    /** What a machine itself says is heard, whatever others do from its address. */
    private boolean bearsToken(HttpServletRequest request) {
        try {
            NodeCredentials credentials = NodeCredentials.fromHeader(request.getHeader("Authorization"));
            return core.nodes().isToken(credentials.resource(), credentials.token());
        } catch (QrmException none) {
            return false;
        }
    }

    /** That sort of a machine, or a stranger. */
    private Caller caller(HttpServletRequest request, Caller machine) {
        return bearsToken(request) ? machine : Caller.STRANGER;
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (RequestBody.announcesTooMuch(request)) {
            refusals.blame(request.getRemoteAddr());
            refusals.record(request.getRemoteAddr(), RequestBody.TOO_LARGE);
            refuse(response, 413, RequestBody.TOO_LARGE);
            return;
        }
        try {
            dispatch(request, response);
        } catch (RuntimeException thrown) {
            Refusals.Answer answer = refusals.answer(request.getRemoteAddr(), thrown);
            refuse(response, answer.status(), answer.why());
        }
    }

    private void dispatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        boolean fetches = path.startsWith(BOOT_SERVICES) || path.startsWith(BOOT_CONFIGURATIONS);
        String method = fetches ? "GET" : "POST";
        if (path.equals(ROOT + "register") && allowed(request, response, method)) {
            register(request, response);
        } else if (path.equals(ROOT + "report") && allowed(request, response, method)) {
            report(request, response);
        } else if (path.equals(ROOT + "inventory") && allowed(request, response, method)) {
            inventory(request, response);
        } else if (path.startsWith(BOOT_SERVICES) && allowed(request, response, method)) {
            bootService(path.substring(BOOT_SERVICES.length()), request, response);
        } else if (path.startsWith(BOOT_CONFIGURATIONS) && allowed(request, response, method)) {
            bootConfiguration(path.substring(BOOT_CONFIGURATIONS.length()), request, response);
        } else if (!response.isCommitted() && response.getStatus() == 200) {
            refusals.blame(request.getRemoteAddr());
            refuse(response, 404, "There is no such address.");
        }
    }

    private static boolean allowed(HttpServletRequest request, HttpServletResponse response, String method)
            throws IOException {
        if (request.getMethod().equals(method)) {
            return true;
        }
        response.setHeader("Allow", method);
        refuse(response, 405, "Only " + method + " is answered here.");
        return false;
    }

    private void register(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = new Exchange(request, response, refusals, ANSWER_MILLIS);
        RequestBody.read(request, exchange, refusals, message -> {
            Registration registration = RegistrationForm.read(message, exchange.address());
            calls.execute(Caller.STRANGER, () -> register(exchange, registration));
        });
    }

    private void register(Exchange exchange, Registration registration) {
        if (exchange.finished()) {
            return;
        }
        try {
            Registered registered = core.nodes().register(registration);
            NodeCredentials credentials = new NodeCredentials(registered.resource(), registered.nodeToken());
            exchange.answer(NodeAnswer.registered(registered, credentials));
        } catch (RuntimeException | LinkageError thrown) {
            exchange.fail(thrown);
        }
    }

    private void report(HttpServletRequest request, HttpServletResponse response) throws IOException {
        NodeCredentials credentials = NodeCredentials.fromHeader(request.getHeader("Authorization"));
        Caller caller = caller(request, Caller.MACHINE);
        Duration hold = ReportForm.hold(request.getQueryString());
        Exchange exchange = new Exchange(request, response, refusals, ANSWER_MILLIS + hold.toMillis());
        RequestBody.read(request, exchange, refusals, message -> {
            Report report = ReportForm.read(message, credentials);
            calls.execute(caller, () -> report(exchange, report, hold));
        });
    }

    private void report(Exchange exchange, Report report, Duration hold) {
        if (exchange.finished()) {
            return;
        }
        try {
            CompletableFuture<Instruction> answer =
                    core.nodes().report(report, hold).toCompletableFuture();
            if (!answer.isDone()) {
                exchange.held();
                exchange.onTimeout(() -> exchange.answer(CONTINUE));
                held.hold(report.resource(), exchange, () -> answer.cancel(true));
            }
            answer.whenComplete((instruction, thrown) -> answer(exchange, instruction, thrown));
        } catch (RuntimeException | LinkageError thrown) {
            recordStranger(exchange, "a report of resource " + report.resource(), thrown);
            exchange.fail(thrown);
        }
    }

    private void inventory(HttpServletRequest request, HttpServletResponse response) throws IOException {
        NodeCredentials credentials = NodeCredentials.fromHeader(request.getHeader("Authorization"));
        Caller caller = caller(request, Caller.MACHINE);
        Exchange exchange = new Exchange(request, response, refusals, ANSWER_MILLIS);
        RequestBody.read(request, exchange, refusals, message -> {
            Inventory inventory = InventoryForm.read(message, credentials);
            calls.execute(caller, () -> inventory(exchange, inventory));
        });
    }

    private void inventory(Exchange exchange, Inventory inventory) {
        if (exchange.finished()) {
            return;
        }
        try {
            core.nodes().inventory(inventory);
            exchange.answer(CONTINUE);
        } catch (RuntimeException | LinkageError thrown) {
            recordStranger(exchange, "an inventory of resource " + inventory.resource(), thrown);
            exchange.fail(thrown);
        }
    }

    private static void answer(Exchange exchange, Instruction instruction, Throwable thrown) {
        try {
            if (thrown != null) {
                exchange.fail(thrown);
            } else {
                exchange.answer(NodeAnswer.instruction(instruction));
            }
        } catch (QrmException unusable) {
            exchange.fail(unusable);
        }
    }

    /** What a partition boots, for its host: the boot token in it, and the digests, come from nobody but the server. */
    private void bootConfiguration(String mac, HttpServletRequest request, HttpServletResponse response) {
        NodeCredentials credentials = NodeCredentials.fromHeader(request.getHeader("Authorization"));
        MacAddress partition = BootPaths.colonMac(mac)
                .orElseThrow(() -> QrmException.notFound("answer host", "partition of this host", ""));
        Caller caller = caller(request, Caller.MACHINE);
        Exchange exchange = new Exchange(request, response, refusals, ANSWER_MILLIS);
        calls.execute(caller, () -> {
            try {
                BootOrder order = core.nodes().bootOrder(credentials.resource(), credentials.token(), partition);
                exchange.answer(plain.render(order, core.bootImages()).getBytes(StandardCharsets.UTF_8));
            } catch (RuntimeException | LinkageError thrown) {
                exchange.fail(thrown);
            }
        });
    }

    private void bootService(String plugin, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        NodeCredentials credentials = NodeCredentials.fromHeader(request.getHeader("Authorization"));
        if (!BootPaths.isName(plugin)) {
            refusals.record(request.getRemoteAddr(), "a boot service with an odd name");
            throw QrmException.notFound("fetch boot service", "boot service", "");
        }
        Caller caller = caller(request, Caller.PACKAGE);
        Exchange exchange = new Exchange(request, response, refusals, Download.MAX_MILLIS);
        calls.execute(caller, () -> bootService(exchange, credentials, plugin, response));
    }

    private void bootService(
            Exchange exchange, NodeCredentials credentials, String plugin, HttpServletResponse response) {
        try {
            InputStream content = core.nodes().bootService(credentials.resource(), credentials.token(), plugin);
            response.setContentType("application/gzip");
            response.setHeader("Cache-Control", "no-store");
            Download.start(content, Long.MAX_VALUE, response, exchange);
        } catch (RuntimeException | IOException | LinkageError thrown) {
            recordStranger(exchange, "a request for a boot service of resource " + credentials.resource(), thrown);
            exchange.fail(thrown);
        }
    }

    /** Whoever has no token of a machine is not that machine: the record names the address it came from. */
    private void recordStranger(Exchange exchange, String what, Throwable thrown) {
        if (thrown instanceof QrmException refused && refused.problem().kind() == Problem.Kind.UNAUTHENTICATED) {
            refusals.record(exchange.address(), what + " with a token that is not its own");
        }
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        Answers.send(response, status, NodeAnswer.error(why), status == 429 || status == 413);
    }
}
