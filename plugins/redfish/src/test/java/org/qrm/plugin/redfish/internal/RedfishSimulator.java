package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.qrm.plugin.device.TestCertificate;

/**
 * A Redfish service with machines, as DSP0266 has it: root, systems, resets, boot override with ETag and If-Match, sessions. It
 * can be taught to lie. Real clients understand it (sushy).
 */
public final class RedfishSimulator implements AutoCloseable {

    static final String USER = "qrm";
    public static final String PASSWORD = "s3cret-of-the-bmc";

    static {
        // else it answers each request 40 ms late
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final String ROOT = "/redfish/v1";
    private static final String SESSIONS = ROOT + "/SessionService/Sessions";

    /** What is told of the machine besides its power. */
    private static final Map<String, String> MANAGEMENT = Map.ofEntries(
            entry(
                    "/Chassis/1",
                    "{'Thermal':{'@odata.id':'R/Chassis/1/Thermal'},'Power':{'@odata.id':'R/Chassis/1/Power'}}"),
            entry(
                    "/Chassis/1/Thermal",
                    "{'Temperatures':[{'Name':'Inlet Temp','ReadingCelsius':24,'Status':{'State':'Enabled','Health':'OK'}},"
                            + "{'Name':'CPU 2','ReadingCelsius':null,'Status':{'State':'Absent'}}],"
                            + "'Fans':[{'FanName':'Fan 1','Reading':9000,'ReadingUnits':'RPM','Status':{'State':'Enabled','Health':'Warning'}}]}"),
            entry(
                    "/Chassis/1/Power",
                    "{'PowerControl':[{'Name':'Server Power','PowerConsumedWatts':212.5}],"
                            + "'PowerSupplies':[{'Name':'PS1','LastPowerOutputWatts':106,'Status':{'State':'UnavailableOffline','Health':'Critical'}}]}"),
            entry("/Managers/1", "{'LogServices':{'@odata.id':'R/Managers/1/LogServices'}}"),
            entry("/Managers/1/LogServices", "{'Members':[{'@odata.id':'R/Managers/1/LogServices/Sel'}]}"),
            entry("/Managers/1/LogServices/Sel", "{'Entries':{'@odata.id':'R/Managers/1/LogServices/Sel/Entries'}}"),
            entry(
                    "/Managers/1/LogServices/Sel/Entries",
                    "{'Members':[{'@odata.id':'R/x','Id':'1','Created':'2026-01-02T03:04:05+01:00',"
                            + "'Severity':'OK','Message':'Log cleared'},{'@odata.id':'R/y','Id':'2','Created':'2026-01-03T03:04:05Z','Severity':'Critical',"
                            + "'SensorType':'Temperature','Message':'Inlet Temp is above its limit'},{'@odata.id':'R/z','Id':'3','Created':'never','Message':'No clock'}]}"),
            entry("/UpdateService", "{'FirmwareInventory':{'@odata.id':'R/UpdateService/FirmwareInventory'}}"),
            entry(
                    "/UpdateService/FirmwareInventory",
                    "{'Members':[{'@odata.id':'R/UpdateService/FirmwareInventory/BMC'},"
                            + "{'@odata.id':'R/UpdateService/FirmwareInventory/Gone'},{'@odata.id':'R/UpdateService/FirmwareInventory/BIOS'}]}"),
            entry("/UpdateService/FirmwareInventory/BMC", "{'Name':'BMC','Version':'1.02.03'}"),
            entry("/UpdateService/FirmwareInventory/BIOS", "{'Name':'BIOS','Version':'U30 v2.76'}"));

    private static Map.Entry<String, String> entry(String path, String json) {
        return Map.entry(
                ROOT + path,
                json.replace('\'', '"')
                        .replace("\"R/", "\"" + ROOT + "/")
                        .replaceFirst("\\{", "{\"@odata.id\":\"" + ROOT + path + "\",")
                        .replace(",}", "}"));
    }

    /** What was asked: {@code GET /redfish/v1/}. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** Sessions that were not ended, by path, with their tokens. */
    final Map<String, String> sessions = new ConcurrentHashMap<>();

    final AtomicInteger sessionsBegun = new AtomicInteger();

    private final Map<String, SimulatedSystem> systems = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, Lie> lies = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;
    private volatile boolean takesBasic = true;
    private volatile boolean offersSessions = true;
    private volatile int page = Integer.MAX_VALUE;

    private record Lie(AtomicInteger times, HttpHandler told) {}

    public RedfishSimulator() {
        this(0);
    }

    private RedfishSimulator(int port) {
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.context()));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** For trying other clients by hand: a machine at a port until it is ended. */
    public static void main(String[] arguments) {
        RedfishSimulator simulator = new RedfishSimulator(Integer.parseInt(arguments[0]));
        simulator.add(new SimulatedSystem("1"));
        System.out.println(simulator.address() + " " + TestCertificate.fingerprint());
    }

    public SimulatedSystem add(SimulatedSystem system) {
        systems.put(system.id, system);
        return system;
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the plug-in is answered about a machine here. */
    public Map<String, String> answers(Map<String, String> others) {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("address", address());
        answers.put("user", USER);
        answers.put("password", PASSWORD);
        answers.put("system", "");
        answers.put("fingerprint", TestCertificate.fingerprint());
        answers.put("bootFromNetwork", "true");
        answers.putAll(others);
        return answers;
    }

    void refuseBasic() {
        takesBasic = false;
    }

    void offerNoSessions() {
        offersSessions = false;
    }

    void pageBy(int members) {
        page = members;
    }

    /** @param request {@code GET /redfish/v1/}; with {@code *} for any path */
    void lie(String request, int times, HttpHandler told) {
        lies.put(request, new Lie(new AtomicInteger(times), told));
    }

    void lie(String request, HttpHandler told) {
        lie(request, Integer.MAX_VALUE, told);
    }

    void beHonest() {
        lies.clear();
    }

    /** A whole answer, for lies. */
    static HttpHandler saying(int status, String type, String body) {
        return exchange -> reply(exchange, status, type, body);
    }

    /** The extended info of an error. */
    static String error(String... messages) {
        ObjectNode answer = Json.empty();
        ObjectNode error = answer.putObject("error").put("code", "Base.1.8.GeneralError");
        error.put("message", "A general error has occurred. See ExtendedInfo for more information.");
        ArrayNode info = error.putArray("@Message.ExtendedInfo");
        for (String message : messages) {
            info.addObject().put("MessageId", "Base.1.8.GeneralError").put("Message", message);
        }
        return answer.toString();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String request = exchange.getRequestMethod() + " " + path;
        requests.add(request);
        byte[] body = exchange.getRequestBody().readAllBytes();
        Lie lie = lies.getOrDefault(request, lies.get(exchange.getRequestMethod() + " *"));
        try {
            if (lie != null && lie.times().getAndDecrement() > 0) {
                lie.told().handle(exchange);
            } else {
                honest(exchange, path.endsWith("/") ? path.substring(0, path.length() - 1) : path, body);
            }
        } catch (IOException | RuntimeException broken) {
            exchange.close();
        }
    }

    private void honest(HttpExchange exchange, String path, byte[] body) throws IOException {
        String method = exchange.getRequestMethod();
        boolean open = path.equals(ROOT) || path.equals("/redfish") || method.equals("POST") && path.equals(SESSIONS);
        if (!open && !isKnown(exchange)) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"bmc\"");
            reply(exchange, 401, "application/json", error("While accessing the resource, the service got an error."));
            return;
        }
        switch (method + " " + path) {
            case "GET " + ROOT -> reply(exchange, 200, root());
            case "GET " + ROOT + "/Systems" -> reply(exchange, 200, members(exchange));
            case "GET " + ROOT + "/SessionService" -> reply(exchange, 200, sessionService());
            case "GET " + SESSIONS -> reply(exchange, 200, collection(SESSIONS, new ArrayList<>(sessions.keySet())));
            case "POST " + SESSIONS -> begin(exchange, Json.object(body));
            default -> rest(exchange, method, path, body);
        }
    }

    private void rest(HttpExchange exchange, String method, String path, byte[] body) throws IOException {
        if (method.equals("DELETE") && sessions.remove(path) != null) {
            exchange.sendResponseHeaders(204, -1);
            return;
        }
        String more = MANAGEMENT.get(path);
        if (method.equals("GET") && more != null) {
            reply(exchange, 200, "application/json", more);
            return;
        }
        for (SimulatedSystem system : List.copyOf(systems.values())) {
            if (method.equals("GET") && path.equals(system.path())) {
                exchange.getResponseHeaders().add("ETag", system.etag());
                reply(exchange, 200, system.json());
                return;
            }
            if (method.equals("GET") && path.equals(system.path() + "/ResetActionInfo")) {
                reply(exchange, 200, system.actionInfo());
                return;
            }
            if (method.equals("PATCH") && path.equals(system.path())) {
                change(exchange, system, Json.object(body));
                return;
            }
            if (method.equals("POST") && path.equals(system.path() + "/Actions/ComputerSystem.Reset")) {
                boolean taken = system.reset(Json.text(Json.object(body), "ResetType"));
                reply(exchange, taken ? 204 : 400, "application/json", taken ? "" : error("ResetType is not offered."));
                return;
            }
        }
        reply(exchange, 404, "application/json", error("The resource at the URI " + path + " was not found."));
    }

    private void change(HttpExchange exchange, SimulatedSystem system, JsonNode change) throws IOException {
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        if (match == null) {
            reply(exchange, 428, "application/json", error("The ETag is missing."));
        } else if (!match.equals(system.etag())) {
            reply(exchange, 412, "application/json", error("The ETag supplied did not match."));
        } else {
            system.boot(change.path("Boot"));
            system.light(change.path("LocationIndicatorActive"));
            reply(exchange, 200, system.json());
        }
    }

    private boolean isKnown(HttpExchange exchange) {
        String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        if (token != null) {
            return sessions.containsValue(token);
        }
        String basic =
                "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return takesBasic && basic.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private void begin(HttpExchange exchange, JsonNode who) throws IOException {
        if (!Json.text(who, "UserName").equals(USER)
                || !Json.text(who, "Password").equals(PASSWORD)) {
            reply(exchange, 401, "application/json", error("The session cannot be begun."));
            return;
        }
        String path = SESSIONS + "/" + sessionsBegun.incrementAndGet();
        String token = UUID.randomUUID().toString();
        sessions.put(path, token);
        exchange.getResponseHeaders().add("Location", path);
        exchange.getResponseHeaders().add("X-Auth-Token", token);
        reply(
                exchange,
                201,
                Json.empty()
                        .put("@odata.id", path)
                        .put("@odata.type", "#Session.v1_3_0.Session")
                        .put("Id", path.substring(path.lastIndexOf('/') + 1))
                        .put("Name", "Session")
                        .put("UserName", USER));
    }

    private ObjectNode root() {
        ObjectNode root = Json.empty();
        root.put("@odata.id", ROOT + "/").put("@odata.type", "#ServiceRoot.v1_9_0.ServiceRoot");
        root.put("Id", "RootService").put("Name", "Root").put("RedfishVersion", "1.8.0");
        root.put("UUID", "92384634-2938-2342-8820-489239905423");
        root.putObject("UpdateService").put("@odata.id", ROOT + "/UpdateService");
        root.putObject("Systems").put("@odata.id", ROOT + "/Systems");
        ObjectNode links = root.putObject("Links");
        if (offersSessions) {
            root.putObject("SessionService").put("@odata.id", ROOT + "/SessionService");
            links.putObject("Sessions").put("@odata.id", SESSIONS);
        }
        return root;
    }

    private static ObjectNode sessionService() {
        ObjectNode service = Json.empty();
        service.put("@odata.id", ROOT + "/SessionService").put("@odata.type", "#SessionService.v1_1_7.SessionService");
        service.put("Id", "SessionService").put("Name", "Sessions").put("ServiceEnabled", true);
        service.put("SessionTimeout", 60);
        service.putObject("Sessions").put("@odata.id", SESSIONS);
        return service;
    }

    private ObjectNode members(HttpExchange exchange) {
        List<String> all = systems.values().stream().map(SimulatedSystem::path).toList();
        String query = exchange.getRequestURI().getQuery();
        int from = query == null ? 0 : Integer.parseInt(query.substring(query.indexOf('=') + 1));
        int to = (int) Math.min(all.size(), (long) from + page);
        ObjectNode collection = collection(ROOT + "/Systems", all.subList(from, to));
        if (to < all.size()) {
            collection.put("Members@odata.nextLink", ROOT + "/Systems?$skip=" + to);
        }
        return collection;
    }

    private static ObjectNode collection(String path, List<String> members) {
        ObjectNode collection = Json.empty();
        collection
                .put("@odata.id", path)
                .put("@odata.type", "#Collection.Collection")
                .put("Name", "Collection");
        collection.put("Members@odata.count", members.size());
        ArrayNode array = collection.putArray("Members");
        members.forEach(member -> array.addObject().put("@odata.id", member));
        return collection;
    }

    private static void reply(HttpExchange exchange, int status, JsonNode body) throws IOException {
        reply(exchange, status, "application/json; charset=utf-8", body.toString());
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("OData-Version", "4.0");
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
        // the connection stays
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(octets);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
