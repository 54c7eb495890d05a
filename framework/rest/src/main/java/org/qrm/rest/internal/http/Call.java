package org.qrm.rest.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.Name;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.rest.internal.access.Caller;

/** A request on its way to its handler. */
public final class Call {

    private final Route route;
    private final Map<String, String> variables;
    private Map<String, Object> query = Map.of();
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Caller caller;
    private final String rawPath;
    private byte[] bytes;
    private Object body;

    /** @param rawPath the path below the interface's root, as it came */
    public Call(
            Router.Match match,
            HttpServletRequest request,
            HttpServletResponse response,
            Caller caller,
            String rawPath) {
        this.rawPath = rawPath;
        this.route = match.route();
        this.variables = match.variables();
        this.request = request;
        this.response = response;
        this.caller = caller;
    }

    /** The same caller, who reads what is there, without a query. */
    Call asGet() {
        return new Call(new Router.Match(route, variables, ""), request, response, caller, rawPath);
    }

    public Route route() {
        return route;
    }

    /**
     * Reads the query; once the caller may do what the route does.
     *
     * @throws QrmException INVALID for parameters that the route does not know or that cannot be read
     */
    public void readQuery() {
        query = parameters(route, request.getQueryString());
    }

    /** A variable of the path, decoded; any text without control characters. */
    public String path(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("no variable " + name + " in " + route.path());
        }
        return value;
    }

    /**
     * A number in the path.
     *
     * @param noun what it is the number of
     * @throws QrmException NOT_FOUND when it is no number
     */
    public long number(String name, String noun) {
        try {
            return Long.parseLong(path(name));
        } catch (NumberFormatException e) {
            throw QrmException.notFound("find " + noun, noun, Name.printable(path(name)));
        }
    }

    /** A parameter of the query, or its fallback. */
    public <T> T query(QueryParameter<T> parameter) {
        Object value = query.get(parameter.name());
        return value == null ? parameter.fallback() : parameter.type().cast(value);
    }

    /** The same, null on paths that do not know it. */
    public <T> T queryIfKnown(QueryParameter<T> parameter) {
        return route.query().contains(parameter) ? query(parameter) : null;
    }

    public PageRequest page() {
        return new PageRequest(query(Route.LIMIT), query(Route.AFTER));
    }

    /** The body, checked. */
    public <T> T body(Class<T> type) throws IOException {
        T read = Json.read(bytes(), type);
        body = read;
        return read;
    }

    /** The body of JSON, unread; empty where none is taken. */
    byte[] bytes() throws IOException {
        if (bytes == null) {
            bytes = route.takes().form() == Content.Form.NOTHING ? new byte[0] : Body.read(request);
        }
        return bytes;
    }

    /** The parameters of the query that were given, in the order of their names. */
    SortedMap<String, Object> given() {
        return new TreeMap<>(query);
    }

    /** The same caller, who reads what has another address. */
    Call asGet(Router.Match match, String path) {
        return new Call(match, request, response, caller, path);
    }

    /** The body, if it was read and could be; else null. */
    public Object bodyRead() {
        return body;
    }

    /** Says what a body of bytes was: a record, for the audit log. */
    public void bodyWas(Object summary) {
        body = summary;
    }

    /** The path below the interface's root, as it came. */
    public String rawPath() {
        return rawPath;
    }

    /** The body as it comes. */
    public InputStream stream() throws IOException {
        return request.getInputStream();
    }

    /** Who asks; null where no login is needed. */
    public Caller caller() {
        return caller;
    }

    public HttpServletRequest request() {
        return request;
    }

    public HttpServletResponse response() {
        return response;
    }

    private static Map<String, Object> parameters(Route route, String query) {
        Map<String, Object> values = given(route, query);
        for (QueryParameter<?> parameter : route.query()) {
            if (parameter.needed() && !values.containsKey(parameter.name())) {
                throw QrmException.invalid(
                        "read the query",
                        parameter.name(),
                        "this parameter is missing",
                        "Add ?" + parameter.name() + "=, " + parameter.about() + ".");
            }
        }
        return values;
    }

    private static Map<String, Object> given(Route route, String query) {
        Map<String, Object> values = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return values;
        }
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            String name = Percent.decode(parts[0], true);
            QueryParameter<?> parameter = known(route, name);
            String text = parts.length == 2 ? Percent.decode(parts[1], true) : "";
            if (values.put(name, parameter.read(text)) != null) {
                throw QrmException.invalid("read the query", name, "the parameter is there twice", "Give it once.");
            }
        }
        return values;
    }

    private static QueryParameter<?> known(Route route, String name) {
        return route.query().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> QrmException.invalid(
                        "read the query",
                        Name.printable(name),
                        "there is no such parameter here",
                        route.query().isEmpty()
                                ? "This path has no parameters."
                                : "Parameters are: "
                                        + String.join(
                                                ", ",
                                                route.query().stream()
                                                        .map(QueryParameter::name)
                                                        .toList())
                                        + "."));
    }
}
