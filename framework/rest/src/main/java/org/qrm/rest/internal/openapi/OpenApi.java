package org.qrm.rest.internal.openapi;

import static org.qrm.rest.internal.openapi.Schemas.orderly;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.commands.Content;
import org.qrm.commands.ProblemBody;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.Router;
import org.qrm.commands.Words;
import org.qrm.rest.internal.access.SessionCookie;
import org.qrm.rest.internal.http.IdempotencyKey;
import org.qrm.rest.internal.http.IfMatch;

/** The interface described by OpenAPI 3.1, from the routes that answer it. */
public final class OpenApi {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

    private final Schemas schemas = new Schemas();

    private final Router router;

    private OpenApi(Router router) {
        this.router = router;
    }

    /** The document, as maps and lists. */
    public static Map<String, Object> of(Router router, String root) {
        return new OpenApi(router).document(router.routes(), root);
    }

    private Map<String, Object> document(List<Route> routes, String root) {
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        for (Route route : routes) {
            paths.computeIfAbsent(route.path(), path -> orderly())
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> problem = schemas.answer(ProblemBody.class);
        return orderly(
                "openapi", "3.1.0",
                "info",
                        orderly(
                                "title",
                                "QRM",
                                "version",
                                "1",
                                "description",
                                "Network-boots machines, pools them, and starts virtual environments on them."
                                        + " A viewer may GET, an operator may act, an admin may do everything.",
                                "license",
                                orderly("name", "Apache-2.0", "identifier", "Apache-2.0")),
                "servers", List.of(orderly("url", root)),
                "security",
                        List.of(
                                orderly("basic", List.of()),
                                orderly("session", List.of()),
                                orderly("token", List.of())),
                "paths", paths,
                "components",
                        orderly(
                                "schemas", schemas.components(),
                                "securitySchemes",
                                        orderly(
                                                "basic",
                                                orderly("type", "http", "scheme", "basic"),
                                                "session",
                                                orderly("type", "apiKey", "in", "cookie", "name", SessionCookie.NAME),
                                                "token",
                                                orderly("type", "http", "scheme", "bearer")),
                                "responses",
                                        orderly(
                                                "Problem",
                                                orderly(
                                                        "description",
                                                        "It was not done, and why.",
                                                        "content",
                                                        orderly(ProblemBody.MEDIA_TYPE, orderly("schema", problem))))));
    }

    private Map<String, Object> operation(Route route) {
        String noun = route.path().split("/")[1];
        Map<String, Object> operation = orderly(
                "operationId", operationId(route),
                "tags", List.of(noun),
                "summary", route.about(),
                "description", route.isOpen() ? "Needs no login." : "Needs the role " + Words.of(route.role()) + ".",
                "x-qrm-role", route.isOpen() ? "none" : Words.of(route.role()));
        if (route.isOpen()) {
            operation.put("security", List.of());
        }
        List<Object> parameters = parameters(route);
        boolean tagged = router.isTagged(route);
        if (tagged && !route.method().equals("GET")) {
            parameters.add(
                    header(IfMatch.HEADER, "the ETag that was read: change it only if it is still so, else 412"));
        }
        if (Router.isKeyed(route)) {
            parameters.add(header(
                    IdempotencyKey.HEADER,
                    "1 to 200 visible ASCII characters: a request with the same key is done once a day at most, and"
                            + " answered again"));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (route.takes().form() != Content.Form.NOTHING) {
            operation.put("requestBody", orderly("required", true, "content", content(route.takes(), true)));
        }
        Map<String, Object> responses = orderly();
        route.answers().forEach((status, content) -> responses.put(status.toString(), response(route, status, tagged)));
        responses.put("default", orderly("$ref", "#/components/responses/Problem"));
        operation.put("responses", responses);
        return operation;
    }

    private Map<String, Object> response(Route route, int status, boolean tagged) {
        Content content = route.answers().get(status);
        Map<String, Object> response = orderly("description", description(status));
        if (status == 201 || status == 202) {
            response.put("headers", orderly("Location", orderly("schema", orderly("type", "string"))));
        }
        if (tagged && status == 200) {
            response.put("headers", orderly("ETag", orderly("schema", orderly("type", "string"))));
        }
        if (content.form() != Content.Form.NOTHING) {
            response.put("content", content(content, false));
        }
        List<Object> all = route.answers().values().stream()
                .filter(each -> each.form() == Content.Form.VALUE && each.type() != null)
                .<Object>map(each -> schemas.answer(each.type()))
                .toList();
        if (all.size() > 1) {
            // generators of clients know one type for each operation
            response.put("content", orderly(content.mediaType(), orderly("schema", orderly("oneOf", all))));
        }
        return response;
    }

    private static String description(int status) {
        return switch (status) {
            case 201 -> "It was created.";
            case 202 -> "The work was taken on; the operation says how far it is.";
            case 204 -> "It is done.";
            default -> "The answer.";
        };
    }

    private Map<String, Object> content(Content content, boolean request) {
        Map<String, Object> schema = switch (content.form()) {
            case VALUE -> value(content, request);
            case LIST ->
                content.type() == null ? Schemas.list(Schemas.fields(content.fields())) : schemas.list(content.type());
            default -> raw(content.mediaType());
        };
        return orderly(content.mediaType(), orderly("schema", schema));
    }

    private Map<String, Object> value(Content content, boolean request) {
        if (content.type() == null) {
            return Schemas.fields(content.fields());
        }
        return request ? schemas.request(content.type()) : schemas.answer(content.type());
    }

    private static Map<String, Object> raw(String mediaType) {
        return switch (mediaType) {
            case "application/octet-stream" -> orderly("type", "string", "format", "binary");
            case "application/json" -> orderly("type", "object");
            default -> orderly("type", "string");
        };
    }

    private static List<Object> parameters(Route route) {
        List<Object> parameters = new ArrayList<>();
        Matcher variables = VARIABLE.matcher(route.path());
        while (variables.find()) {
            parameters.add(orderly(
                    "name", variables.group(1), "in", "path", "required", true, "schema", orderly("type", "string")));
        }
        for (QueryParameter<?> parameter : route.query()) {
            parameters.add(orderly(
                    "name", parameter.name(),
                    "in", "query",
                    "required", parameter.needed(),
                    "description", parameter.about(),
                    "schema", schema(parameter)));
        }
        route.headers().forEach((name, purpose) -> parameters.add(header(name, purpose)));
        return parameters;
    }

    private static Map<String, Object> header(String name, String purpose) {
        return orderly("name", name, "in", "header", "description", purpose, "schema", orderly("type", "string"));
    }

    private static Map<String, Object> schema(QueryParameter<?> parameter) {
        Class<?> type = parameter.type();
        Map<String, Object> schema =
                type.isEnum() ? orderly("type", "string", "enum", Words.all(type)) : Schemas.scalar(type);
        if (parameter.fallback() != null) {
            schema.put("default", parameter.fallback());
        }
        return schema;
    }

    /** {@code post-resources-id-actions}: stable, and unique as method and path are. */
    private static String operationId(Route route) {
        return route.method().toLowerCase(Locale.ROOT)
                + route.path().replaceAll("[{}]", "").replaceAll("[/.]", "-");
    }
}
