package org.qrm.commands;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/** A request on its way to its handler, whatever face of the server it came through. */
public abstract class Call {

    private final Route route;
    private final Map<String, String> variables;
    private final Caller caller;
    private Map<String, Object> query = Map.of();
    private byte[] bytes;
    private Object body;

    /**
     * A request.
     *
     * @param variables of the path, decoded
     * @param caller who asks; null where no login is needed
     */
    protected Call(Route route, Map<String, String> variables, Caller caller) {
        this.route = route;
        this.variables = Map.copyOf(variables);
        this.caller = caller;
    }

    /** Where it comes from: an address, or {@code console}. */
    public abstract String origin();

    /** The body of JSON, as it came. */
    protected abstract byte[] readBody() throws IOException;

    /** The body as it comes, of a route that takes bytes. */
    public abstract InputStream stream() throws IOException;

    /** Bytes of the body; -1 while that is not known. */
    public abstract long length();

    public final Route route() {
        return route;
    }

    /**
     * What the caller has seen of the thing that is to be changed: anything, unless the call says.
     *
     * @param view what is answered of a thing at this call's path
     */
    public <T> Expected<T> expected(Function<T, ?> view) {
        return Expected.any();
    }

    /** Who asks; null where no login is needed. */
    public final Caller caller() {
        return caller;
    }

    protected final Map<String, String> variables() {
        return variables;
    }

    /**
     * Takes the query; once the caller may do what the route does.
     *
     * @param given texts by the names of parameters, decoded
     * @throws QrmException INVALID for parameters that the route does not know or that cannot be read
     */
    public final void takeQuery(Map<String, String> given) {
        Map<String, Object> values = new HashMap<>();
        given.forEach((name, text) -> values.put(name, known(name).read(text)));
        for (QueryParameter<?> parameter : route.query()) {
            if (parameter.needed() && !values.containsKey(parameter.name())) {
                throw QrmException.invalid(
                        "read the query",
                        parameter.name(),
                        "this parameter is missing",
                        "Add ?" + parameter.name() + "=, " + parameter.about() + ".");
            }
        }
        query = values;
    }

    /** A variable of the path, decoded; any text without control characters. */
    public final String path(String name) {
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
    public final long number(String name, String noun) {
        try {
            return Long.parseLong(path(name));
        } catch (NumberFormatException e) {
            throw QrmException.notFound("find " + noun, noun, Name.printable(path(name)));
        }
    }

    /** A parameter of the query, or its fallback. */
    public final <T> T query(QueryParameter<T> parameter) {
        Object value = query.get(parameter.name());
        return value == null ? parameter.fallback() : parameter.type().cast(value);
    }

    /** The same, null on paths that do not know it. */
    public final <T> T queryIfKnown(QueryParameter<T> parameter) {
        return route.query().contains(parameter) ? query(parameter) : null;
    }

    /** The parameters of the query that were given, in the order of their names. */
    public final SortedMap<String, Object> given() {
        return new TreeMap<>(query);
    }

    public final PageRequest page() {
        return new PageRequest(query(Route.LIMIT), query(Route.AFTER));
    }

    /** The body, validated. */
    public final <T> T body(Class<T> type) throws IOException {
        T read = Json.read(bytes(), type);
        body = read;
        return read;
    }

    /** The body of JSON, unread; empty where none is taken. */
    public final byte[] bytes() throws IOException {
        if (bytes == null) {
            bytes = route.takes().form() == Content.Form.NOTHING ? new byte[0] : readBody();
        }
        return bytes;
    }

    /** The body, if it was read and could be; else null. */
    public final Object bodyRead() {
        return body;
    }

    /** Says what a body of bytes was: a record, for the audit log. */
    public final void bodyWas(Object summary) {
        body = summary;
    }

    /**
     * The parameters of a query, decoded.
     *
     * @param query as it came, without the question mark; null or empty for none
     * @throws QrmException INVALID for one that is there twice, or cannot be decoded
     */
    protected static Map<String, String> pairs(String query) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return pairs;
        }
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            String name = Percent.decode(parts[0], true);
            if (pairs.put(name, parts.length == 2 ? Percent.decode(parts[1], true) : "") != null) {
                throw QrmException.invalid("read the query", name, "the parameter is there twice", "Give it once.");
            }
        }
        return pairs;
    }

    /** @throws QrmException FORBIDDEN when the caller lacks the role that the route needs, is a token where
     *     people are asked for, or has the password still that the server made */
    public final void requireRole() {
        if (route.isOpen()) {
            return;
        }
        if (!route.beforeAll()) {
            caller.requireOwnPassword();
        }
        requireRole(route.role());
        if (route.personal() && caller.means() == Caller.Means.TOKEN) {
            throw forbidden("it would outlive the token that asks for it", "Log in with a password.");
        }
    }

    /** @throws QrmException FORBIDDEN when the caller lacks a role that not all need who use the route */
    public final void requireRole(Role role) {
        if (!caller.role().covers(role)) {
            throw forbidden(
                    "it needs the role " + Words.of(role) + ", and " + caller.name() + " is " + Words.of(caller.role()),
                    "Ask somebody who has it.");
        }
    }

    private QrmException forbidden(String reason, String remedy) {
        Attempt attempt = Attempt.of(route);
        String subject = attempt.variable().isEmpty() ? "" : Name.printable(path(attempt.variable()));
        return new QrmException(new Problem(Problem.Kind.FORBIDDEN, attempt.attempted(), subject, reason, remedy));
    }

    private QueryParameter<?> known(String name) {
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
