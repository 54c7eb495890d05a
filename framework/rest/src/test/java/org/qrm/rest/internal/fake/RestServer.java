package org.qrm.rest.internal.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import javax.servlet.DispatcherType;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.rules.ExternalResource;
import org.qrm.api.metric.Metrics;
import org.qrm.api.user.Logins;
import org.qrm.commands.Commands;
import org.qrm.metrics.internal.Registry;
import org.qrm.rest.internal.ApiServlet;
import org.qrm.rest.internal.MetricsServlet;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.access.Sessions;
import org.qrm.rest.internal.stream.EventStreams;
import org.qrm.rest.internal.terminal.Terminals;

/** A real Jetty on loopback. One connector passes for HTTPS, without the cost of TLS; the other is plain. */
public final class RestServer extends ExternalResource {

    public static final BodyPublisher NO_BODY = BodyPublishers.noBody();
    public static final String ADMIN = basic("admin", "admin-secret");
    /** A header by which a test says what the gate of HTTP finds out by itself. */
    public static final String TAKES_GZIP = "X-Takes-Gzip";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final Map<String, Servlet> servlets;
    private final Server server = new Server();
    private final ServerConnector secure = connector(true);
    private final ServerConnector plain = connector(false);
    private final HttpClient client = HttpClient.newHttpClient();

    private final EventStreams streams;
    private final Terminals terminals;
    private Contract contract;

    /** With logins as {@link FakeLogin} has them. */
    public RestServer(FakeServices services) {
        this(services, new FakeLogin());
    }

    public RestServer(FakeServices services, Logins passwords) {
        this(services, passwords, new Sessions(services, Clock.systemUTC()));
    }

    public RestServer(FakeServices services, Logins passwords, Sessions sessions) {
        Authentication authentication = new Authentication(passwords, sessions, services);
        Registry registry = new Registry();
        Metrics metrics = registry.of("org.qrm.rest");
        streams = new EventStreams(services);
        terminals = new Terminals(services);
        services.knownEvents.tell(streams::onEvent);
        servlets = Map.of(
                "/api/v1/*",
                new ApiServlet(
                        new Commands(services, passwords),
                        services,
                        streams,
                        terminals,
                        authentication,
                        passwords,
                        sessions,
                        metrics),
                "/metrics",
                new MetricsServlet(services, authentication, metrics, registry));
    }

    @Override
    protected void before() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        servlets.forEach((pattern, servlet) -> {
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, pattern);
        });
        FilterHolder gate = new FilterHolder((request, response, chain) -> {
            if (((HttpServletRequest) request).getHeader(TAKES_GZIP) != null) {
                request.setAttribute(EventStreams.TAKES_GZIP, true);
            }
            chain.doFilter(request, response);
        });
        gate.setAsyncSupported(true);
        context.addFilter(gate, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
    }

    @Override
    protected void after() {
        streams.close();
        terminals.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("Jetty did not stop", e);
        }
    }

    private ServerConnector connector(boolean looksSecure) {
        HttpConfiguration configuration = new HttpConfiguration();
        if (looksSecure) {
            configuration.addCustomizer((c, config, request) -> request.setSecure(true));
        }
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        return connector;
    }

    /** What came back; the body is parsed when it is JSON. */
    public record Reply(int status, Map<String, List<String>> headers, String text, JsonNode json) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(), List.of("")).get(0);
        }

        public String at(String field) {
            return json.path(field).asText();
        }
    }

    public int securePort() {
        return secure.getLocalPort();
    }

    public Reply get(String path) {
        return send("admin", "GET", path, null);
    }

    public Reply post(String path, String json) {
        return send("admin", "POST", path, json);
    }

    public Reply patch(String path, String json) {
        return send("admin", "PATCH", path, json);
    }

    public Reply put(String path, String json) {
        return send("admin", "PUT", path, json);
    }

    public Reply delete(String path) {
        return send("admin", "DELETE", path, null);
    }

    /** What the server says of itself. */
    public Contract contract() {
        if (contract == null) {
            Reply document = send(request("/api/v1/openapi.json").header("Authorization", ADMIN), "GET", NO_BODY);
            contract = new Contract(document.json());
        }
        return contract;
    }

    public EventStreams streams() {
        return streams;
    }

    /** Logged in as that user; the answer is held against the contract. */
    public Reply send(String user, String method, String path, String json) {
        HttpRequest.Builder request = request(path).header("Authorization", basic(user, user + "-secret"));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        Reply reply = send(request, method, json == null ? NO_BODY : BodyPublishers.ofString(json));
        if (path.contains("fields=")) {
            return reply;
        }
        String below = path.replaceFirst("[?].*", "").substring("/api/v1".length());
        contract().check(method, below, reply.status(), reply.header("content-type"), reply.json());
        return reply;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + secure.getLocalPort() + path));
    }

    public HttpRequest.Builder plainRequest(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plain.getLocalPort() + path));
    }

    public Reply send(HttpRequest.Builder request, String method, BodyPublisher body) {
        try {
            HttpResponse<String> response =
                    client.send(request.method(method, body).build(), BodyHandlers.ofString());
            String type = response.headers().firstValue("content-type").orElse("");
            JsonNode json =
                    type.contains("json") && !response.body().isEmpty() ? MAPPER.readTree(response.body()) : null;
            return new Reply(response.statusCode(), response.headers().map(), response.body(), json);
        } catch (IOException e) {
            throw new AssertionError(method + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public static String basic(String user, String password) {
        byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }
}
