package org.qrm.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.command.CommandField;
import org.qrm.api.user.Role;
import org.qrm.commands.line.Verb;

/**
 * A request that is understood: the router, the checks and the OpenAPI document all come from this.
 *
 * @param method HTTP method
 * @param path below the interface's root, {@code /resources/{id}}
 * @param role who may; null for everybody, without a login
 * @param about what it does, for people
 * @param query the parameters it knows; others are refused
 * @param headers the headers it heeds beside the usual ones, with what they are for
 * @param takes what its body carries
 * @param answers what it answers when it succeeds, by status
 * @param secret whether what it takes or answers can have a secret in it, so that nothing of it is kept
 * @param quiet whether it is one of very many small parts of what is in the audit log as a whole
 * @param personal whether people alone may, and no program by a token: what it does would outlive the token
 * @param beforeAll whether it serves those, too, who have the password still that the server made
 * @param verbs how it is typed
 * @param handler carries it out
 */
public record Route(
        String method,
        String path,
        Role role,
        String about,
        List<QueryParameter<?>> query,
        Map<String, String> headers,
        Content takes,
        Map<Integer, Content> answers,
        boolean secret,
        boolean quiet,
        boolean personal,
        boolean beforeAll,
        List<Verb> verbs,
        Handler handler) {

    public static final QueryParameter<Integer> LIMIT =
            QueryParameter.withFallback("limit", Integer.class, "how many items, 1 to 1000", 100);
    public static final QueryParameter<String> AFTER =
            QueryParameter.of("after", String.class, "the cursor \"next\" of the answer before");

    public static final QueryParameter<Integer> WAIT = QueryParameter.withFallback(
            "wait", Integer.class, "seconds to hold the answer until the work has ended, 0 to 60", 0);

    public static Sketch get(String path, String about) {
        return new Sketch("GET", path, about, Role.VIEWER);
    }

    public static Sketch post(String path, String about) {
        return new Sketch("POST", path, about, Role.OPERATOR);
    }

    public static Sketch put(String path, String about) {
        return new Sketch("PUT", path, about, Role.ADMIN);
    }

    public static Sketch patch(String path, String about) {
        return new Sketch("PATCH", path, about, Role.ADMIN);
    }

    public static Sketch delete(String path, String about) {
        return new Sketch("DELETE", path, about, Role.ADMIN);
    }

    public static final QueryParameter<String> FIELDS = QueryParameter.of(
            "fields", String.class, "only these fields of the answer, or of each item, separated by commas");

    public List<String> segments() {
        return List.of(path.substring(1).split("/"));
    }

    public static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    public static String variable(String segment) {
        return segment.substring(1, segment.length() - 1);
    }

    /** Whether it answers 200 with one object. */
    public boolean answersValue() {
        Content answer = answers.get(200);
        return answer != null && answer.form() == Content.Form.VALUE;
    }

    private Route typed(List<Verb> verbs) {
        return new Route(
                method, path, role, about, query, headers, takes, answers, secret, quiet, personal, beforeAll, verbs,
                handler);
    }

    /** Whether it needs no login. */
    public boolean isOpen() {
        return role == null;
    }

    /** A route that is being described. */
    public static final class Sketch {
        private final String method;
        private final String path;
        private final String about;
        private final List<QueryParameter<?>> query = new ArrayList<>();
        private final Map<Integer, Content> answers = new TreeMap<>();
        private final Map<String, String> headers = new TreeMap<>();
        private Role role;
        private Content takes = Content.NOTHING;
        private boolean secret;
        private boolean quiet;
        private boolean personal;
        private boolean beforeAll;
        private final List<VerbSketch> verbs = new ArrayList<>();

        private Sketch(String method, String path, String about, Role role) {
            this.method = method;
            this.path = path;
            this.about = about;
            this.role = role;
        }

        /** Instead of the method's usual role. */
        public Sketch only(Role needed) {
            role = needed;
            return this;
        }

        /** Without a login. For a path without variables. */
        public Sketch open() {
            role = null;
            return this;
        }

        /** What it takes or answers can have a secret in it. */
        public Sketch secret() {
            secret = true;
            return this;
        }

        /** One of very many small parts of what is in the audit log as a whole. */
        public Sketch quiet() {
            quiet = true;
            return this;
        }

        /** Not by a token: what it does would outlive the token. */
        public Sketch personal() {
            personal = true;
            return this;
        }

        /** Also for those who have the password still that the server made. */
        public Sketch beforeAll() {
            beforeAll = true;
            return this;
        }

        public Sketch query(QueryParameter<?>... parameters) {
            query.addAll(List.of(parameters));
            return this;
        }

        /** How it is typed. */
        public Sketch typed(VerbSketch verb) {
            verbs.add(verb);
            return this;
        }

        public Sketch paged() {
            return query(LIMIT, AFTER);
        }

        /** A list that can be narrowed and sorted by its fields, page by page. */
        public Sketch listed(ListQuery<?> list) {
            query.addAll(list.parameters());
            return paged();
        }

        /** About all that the filters of a list let through. */
        public Sketch narrowed(ListQuery<?> list) {
            query.addAll(list.narrowing());
            return this;
        }

        public Sketch header(String name, String purpose) {
            headers.put(name, purpose);
            return this;
        }

        public Sketch takes(Class<?> type) {
            takes = Content.of(type);
            return this;
        }

        /** As a plug-in says it. */
        public Sketch takesFields(List<CommandField> fields) {
            takes = fields.isEmpty() ? Content.NOTHING : Content.of(fields);
            return this;
        }

        public Sketch takesBytes() {
            takes = Content.raw("application/octet-stream");
            return this;
        }

        public Sketch answers(int status, Class<?> type) {
            return answers(status, Content.of(type));
        }

        public Sketch answersListOf(Class<?> type) {
            return answers(200, Content.listOf(type));
        }

        /** Whoever is answered work may wait for its end. */
        public Sketch answers(int status, Content content) {
            answers.put(status, content);
            return status == 202 ? query(WAIT) : this;
        }

        public Route by(Handler handler) {
            Content answer = answers.get(200);
            if (method.equals("GET") && answer != null && answer.type() != null) {
                query(FIELDS);
            }
            Route route = new Route(
                    method,
                    path,
                    role,
                    about,
                    List.copyOf(query),
                    headers,
                    takes,
                    answers,
                    secret,
                    quiet,
                    personal,
                    beforeAll,
                    List.of(),
                    handler);
            return route.typed(verbs.stream().map(verb -> verb.of(route)).toList());
        }
    }
}
