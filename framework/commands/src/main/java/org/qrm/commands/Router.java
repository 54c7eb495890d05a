package org.qrm.commands;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Finds the route of a request. */
public final class Router {

    private static final int LONGEST_PATH = 2000;
    private static final String OF_PLUGINS = "/plugin-commands/";

    private final List<Route> routes;
    private final Supplier<List<Route>> more;
    private final Set<String> tagged;
    private final Set<String> open;

    /**
     * What was found.
     *
     * @param route carries the request out; null when the path is known but not with that method
     * @param variables of the path, decoded
     * @param allowed the methods that the path knows, as in the header Allow
     */
    public record Match(Route route, Map<String, String> variables, String allowed) {}

    /**
     * Of routes that are always there, and others that come and go.
     *
     * @param more asked each time; what they have in common with the others is theirs in vain
     */
    public Router(List<Route> routes, Supplier<List<Route>> more) {
        this.routes = List.copyOf(routes);
        this.more = more;
        this.open = this.routes.stream()
                .filter(Route::isOpen)
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toUnmodifiableSet());
        Set<String> changed = this.routes.stream()
                .filter(route -> Set.of("PUT", "PATCH", "DELETE").contains(route.method()))
                .map(Route::path)
                .collect(Collectors.toSet());
        this.tagged = this.routes.stream()
                .filter(route -> route.method().equals("GET") && route.answersValue() && !route.isOpen())
                .map(Route::path)
                .filter(changed::contains)
                .collect(Collectors.toUnmodifiableSet());
    }

    public List<Route> routes() {
        List<Route> all = new ArrayList<>(routes);
        all.addAll(more.get());
        return all;
    }

    /** Whether the path is that of a thing that can be read and changed there: it has an entity tag. */
    public boolean isTagged(Route route) {
        return tagged.contains(route.path()) && !route.method().equals("POST");
    }

    /** Whether a request can be told from its repetition: it changes something, and its answer can be given again. */
    public static boolean isKeyed(Route route) {
        return route.method().equals("POST")
                && !route.isOpen()
                && !route.secret()
                && route.answers().keySet().stream().anyMatch(status -> status != 200);
    }

    /** Whether it is a request that needs no login. */
    public boolean isOpen(String method, String path) {
        return open.contains(method + " " + path);
    }

    /**
     * Finds the route.
     *
     * @param path below the interface's root, still percent-encoded
     * @throws QrmException NOT_FOUND for a path that no route has; INVALID for one that cannot be read
     */
    public Match find(String method, String path) {
        if (path.length() > LONGEST_PATH || path.indexOf(';') >= 0) {
            throw QrmException.invalid(
                    "find the path", Name.printable(path), "it is too long or has parameters", "Correct the path.");
        }
        String[] segments = path.substring(1).split("/", -1);
        TreeSet<String> allowed = new TreeSet<>();
        Match match = null;
        for (Route route : path.startsWith(OF_PLUGINS) ? routes() : routes) {
            Map<String, String> variables = variables(route.segments(), segments);
            if (variables != null) {
                allowed.add(route.method());
                if (match == null && route.method().equals(method)) {
                    match = new Match(route, variables, "");
                }
            }
        }
        if (allowed.isEmpty()) {
            throw new QrmException(new Problem(
                    Problem.Kind.NOT_FOUND,
                    "find the path",
                    Name.printable(path),
                    "there is no such path",
                    "/api/v1/openapi.json lists them all."));
        }
        return match != null ? match : new Match(null, Map.of(), String.join(", ", allowed));
    }

    /** Null unless the path has that form. A fixed segment beats a variable by standing earlier in the list. */
    private static Map<String, String> variables(List<String> template, String[] segments) {
        if (template.size() != segments.length) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < segments.length; i++) {
            String expected = template.get(i);
            if (Route.isVariable(expected)) {
                variables.put(Route.variable(expected), segments[i]);
            } else if (!expected.equals(segments[i])) {
                return null;
            }
        }
        variables.replaceAll((name, raw) -> Percent.decode(raw, false));
        return variables;
    }
}
