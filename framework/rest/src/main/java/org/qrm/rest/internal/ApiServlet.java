package org.qrm.rest.internal;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
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
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;
import org.qrm.api.user.Logins;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Caller;
import org.qrm.commands.Commands;
import org.qrm.commands.Content;
import org.qrm.commands.FieldSelection;
import org.qrm.commands.Json;
import org.qrm.commands.Route;
import org.qrm.commands.Router;
import org.qrm.commands.noun.Paths;
import org.qrm.commands.noun.Waiting;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.access.SessionPaths;
import org.qrm.rest.internal.access.Sessions;
import org.qrm.rest.internal.http.ClientGone;
import org.qrm.rest.internal.http.EntityTag;
import org.qrm.rest.internal.http.HttpCall;
import org.qrm.rest.internal.http.IdempotencyKey;
import org.qrm.rest.internal.http.IfMatch;
import org.qrm.rest.internal.http.ProblemAnswer;
import org.qrm.rest.internal.http.Sending;
import org.qrm.rest.internal.http.StrangersBody;
import org.qrm.rest.internal.openapi.OpenApi;
import org.qrm.rest.internal.stream.EventStreamPaths;
import org.qrm.rest.internal.stream.EventStreams;
import org.qrm.rest.internal.terminal.TerminalPaths;
import org.qrm.rest.internal.terminal.Terminals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST interface: who asks, what for, may they, and the answer. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("qrm-rest")
@HttpWhiteboardServletPattern(ApiServlet.ROOT + "/*")
@HttpWhiteboardServletAsyncSupported
public final class ApiServlet extends HttpServlet {

    static final String ROOT = "/api/v1";
    private static final String OTHER = "other";
    private static final String ROUTE = Route.class.getName();
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);

    private final transient Family<Timing> took;
    private final transient Authentication authentication;
    private final transient AuditTrail audit;
    private final transient Router router;
    private final transient Waiting waiting;
    private final transient IdempotencyKey keys;

    @Activate
    public ApiServlet(
            @Reference Commands commands,
            @Reference ApiServices services,
            @Reference EventStreams streams,
            @Reference Terminals terminals,
            @Reference Authentication authentication,
            @Reference Logins passwords,
            @Reference Sessions sessions,
            @Reference Metrics metrics) {
        this.took = metrics.latency(
                "qrm_api_request_duration_seconds",
                "Requests of the REST interface until they are answered; of streams and terminals until they begin.",
                "route",
                "method",
                "status");
        this.authentication = authentication;
        this.audit = new AuditTrail(services);
        this.waiting = new Waiting(services);
        this.router = new Router(
                Stream.concat(
                                commands.routes().stream(),
                                Stream.<Paths>of(
                                                new EventStreamPaths(streams, authentication),
                                                new TerminalPaths(services, terminals),
                                                new SessionPaths(passwords, sessions),
                                                this::ownRoutes)
                                        .map(Paths::routes)
                                        .flatMap(List::stream))
                        .toList(),
                commands::routesOfPlugins);
        this.keys = new IdempotencyKey(router, services::requestKeys);
    }

    private List<Route> ownRoutes() {
        return List.of(Route.get("/openapi.json", "This description, OpenAPI 3.1.")
                .answers(200, Content.raw("application/json"))
                .by(call -> Answer.ok(OpenApi.of(router, ROOT))));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = pathBelowRoot(request);
        if (router.isOpen(request.getMethod(), path)) {
            StrangersBody.await(request, response, () -> serve(request, response, path));
        } else {
            serve(request, response, path);
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response, String path) throws IOException {
        long start = System.nanoTime();
        try {
            respond(request, response, path);
        } finally {
            measure(request, response, path, start);
        }
    }

    private void measure(HttpServletRequest request, HttpServletResponse response, String path, long start) {
        Route route = routeOf(request, path);
        took.with(
                        route == null ? OTHER : ROOT + route.path(),
                        route == null ? OTHER : request.getMethod(),
                        response.getStatus() / 100 + "xx")
                .since(start);
    }

    /** Null for what there is not, or not by that method. */
    private Route routeOf(HttpServletRequest request, String path) {
        if (request.getAttribute(ROUTE) instanceof Route found) {
            return found;
        }
        // it was refused before that was looked for
        try {
            return router.find(request.getMethod().equals("HEAD") ? "GET" : request.getMethod(), path)
                    .route();
        } catch (QrmException unknown) {
            return null;
        }
    }

    private void respond(HttpServletRequest request, HttpServletResponse response, String path) throws IOException {
        try {
            answer(request, response, path);
        } catch (QrmException e) {
            if (e.getCause() != null && e.problem().kind() == Problem.Kind.FAILED) {
                LOG.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), e.getMessage(), e.getCause());
            }
            ProblemAnswer.send(request, response, e);
        } catch (ClientGone e) {
            LOG.debug("{} went away: {}", request.getRemoteAddr(), e.toString());
            throw e;
        } catch (Exception | LinkageError e) {
            // a linkage error: a plug-in's bundle went while it was called
            ProblemAnswer.sendUnexpected(request, response, e);
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, String path) throws Exception {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        SecureOnly.check(request);
        boolean open = router.isOpen(request.getMethod(), path);
        Caller caller = open ? null : authentication.authenticate(request);
        boolean head = request.getMethod().equals("HEAD");
        Router.Match match = router.find(head ? "GET" : request.getMethod(), path);
        if (match.route() == null) {
            ProblemAnswer.sendWrongMethod(response, match.allowed());
            return;
        }
        request.setAttribute(ROUTE, match.route());
        HttpCall call = new HttpCall(match, request, response, caller, path);
        Answer done = match.route().method().equals("GET") || match.route().quiet()
                ? carryOut(match.route(), call)
                : audit.around(call, HttpEntry.INSTANCE, () -> carryOut(match.route(), call));
        Answer answer = waiting.over(call, done);
        if (answer.status() != 0) {
            send(call, answer, head);
        }
    }

    private Answer carryOut(Route route, HttpCall call) throws Exception {
        call.requireRole();
        call.readQuery();
        Waiting.check(call);
        FieldSelection.of(call);
        IfMatch.check(router, call);
        return keys.over(call, () -> route.handler().handle(call));
    }

    private void send(HttpCall call, Answer answer, boolean head) throws IOException {
        HttpServletResponse response = call.response();
        if (answer.location() != null) {
            response.setHeader("Location", ROOT + answer.location());
        }
        if (answer.again()) {
            response.setHeader(IdempotencyKey.REPLAYED, "true");
        }
        if (answer.body() == null) {
            response.setStatus(answer.status());
        } else {
            boolean tagged = answer.status() == 200 && router.isTagged(call.route());
            if (tagged) {
                response.setHeader("ETag", EntityTag.of(answer.body()));
            }
            byte[] body = Json.bytes(FieldSelection.select(answer.body(), FieldSelection.of(call)));
            if (tagged || !call.route().method().equals("GET") || !isKnown(body, call)) {
                Sending.json(response, answer.status(), "application/json", body, head);
            }
        }
    }

    /** What is read and is nothing that a change names, as a list, has a tag of what is answered, and goes only to who has not got it. */
    private static boolean isKnown(byte[] body, HttpCall call) {
        String tag = EntityTag.weak(body);
        call.response().setHeader("ETag", tag);
        if (!EntityTag.isKnown(tag, call.request())) {
            return false;
        }
        call.response().setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        return true;
    }

    private static String pathBelowRoot(HttpServletRequest request) {
        String path = request.getRequestURI();
        String prefix = request.getContextPath() + ROOT;
        return path.startsWith(prefix + "/") ? path.substring(prefix.length()) : "/";
    }
}
