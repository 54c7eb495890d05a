package org.qrm.commands.noun;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.qrm.api.ListField;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandDescription.Effect;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommands.Offered;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.Items;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.line.Verb;

/** Commands that plug-ins bring: a route for each, as long as it is there. */
public final class PluginCommandPaths implements Paths {

    private static final String PATH = "/plugin-commands";
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final QueryParameter<String> KNOWN = QueryParameter.of(
            "known", String.class, "the digest of the answer before: without verbs if nothing changed");
    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.COMMAND));

    enum Field implements ListField {
        COMMAND(Use.sorts()),
        PLUGIN(Use.both(String.class, "only of this plug-in")),
        ROLE(Use.narrows(Role.class, "only those that need this role")),
        EFFECT(Use.narrows(Effect.class, "only those that do this"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    record CommandView(
            @About("as it is typed: meter readings") String command,
            @About("the plug-in that brings it") String plugin,
            @About("what it does") String summary,
            @About("the least that may use it") Role role,

            @About("reads: it changes nothing; changes: at once; works: as an operation")
            Effect effect,

            @About("HTTP method of its request") String method,
            @About("path of its request") String path) {
        static CommandView of(Offered offered) {
            CommandDescription command = offered.description();
            return new CommandView(
                    offered.plugin() + " " + command.verb(),
                    offered.plugin(),
                    command.summary(),
                    command.role(),
                    command.effect(),
                    methodOf(command),
                    pathOf(offered));
        }
    }

    private final ApiServices services;

    public PluginCommandPaths(ApiServices services) {
        this.services = services;
    }

    private static String methodOf(CommandDescription command) {
        return command.effect() == Effect.READS ? "GET" : "POST";
    }

    private static String pathOf(Offered offered) {
        return PATH + "/" + offered.plugin() + "/" + offered.description().verb();
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the commands that plug-ins bring.")
                        .listed(LIST)
                        .answersListOf(CommandView.class)
                        .typed(VerbSketch.of("plugin", "commands")
                                .names("plugin", "plugin")
                                .columns("command", "role", "effect", "summary"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.COMMAND,
                                services.pluginCommands().list().stream()
                                        .map(CommandView::of)
                                        .toList()))),
                Route.get("/plugin-verbs", "The same for command lines: how each of them is typed.")
                        .query(KNOWN)
                        .answers(200, Content.raw("application/json"))
                        .by(this::verbs));
    }

    /** Those that are there now; made anew each time, since a plug-in comes and goes. */
    public List<Route> routesOfPlugins() {
        return services.pluginCommandsIfPresent()
                .map(commands -> commands.list().stream().map(this::route).toList())
                .orElse(List.of());
    }

    private Answer verbs(Call call) {
        List<Verb> all = routesOfPlugins().stream()
                .flatMap(route -> route.verbs().stream())
                .toList();
        JsonNode verbs = Verb.written(all);
        String digest = digest(verbs.toString());
        ObjectNode answer = PLAIN.createObjectNode().put("digest", digest);
        return Answer.ok(digest.equals(call.query(KNOWN)) ? answer.putNull("verbs") : answer.set("verbs", verbs));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Route route(Offered offered) {
        CommandDescription command = offered.description();
        boolean reads = command.effect() == Effect.READS;
        Route.Sketch sketch = reads
                ? Route.get(pathOf(offered), command.summary()).query(parameters(command))
                : Route.post(pathOf(offered), command.summary()).takesFields(command.input());
        sketch.only(command.role());
        if (command.isList()) {
            sketch.paged();
        }
        VerbSketch verb = VerbSketch.of(offered.plugin(), command.verb());
        if (command.effect() == Effect.WORKS) {
            sketch.answers(202, OperationView.class);
        } else if (command.output().isEmpty()) {
            sketch.answers(204, Content.NOTHING);
            verb.done("It is done.");
        } else {
            sketch.answers(200, command.isList() ? Content.listOf(command.output()) : Content.of(command.output()));
            verb.columns(command.output().stream().map(CommandField::name).toArray(String[]::new));
        }
        return sketch.typed(verb).by(call -> carryOut(call, offered, reads));
    }

    private static QueryParameter<?>[] parameters(CommandDescription command) {
        return command.input().stream().map(QueryParameter::of).toArray(QueryParameter<?>[]::new);
    }

    private Answer carryOut(Call call, Offered offered, boolean reads) throws IOException {
        Map<String, Object> input = reads ? query(call, offered) : body(call);
        String user = call.caller().name();
        String verb = offered.description().verb();
        if (offered.description().effect() == Effect.WORKS) {
            return OperationView.accepted(services.pluginCommands().submit(offered.plugin(), verb, input, user));
        }
        CommandAnswer answer = services.pluginCommands().run(offered.plugin(), verb, input, user);
        if (offered.description().output().isEmpty()) {
            return Answer.NO_CONTENT;
        }
        return Answer.ok(
                offered.description().isList()
                        ? Items.of(answer.items(), call.page(), Function.identity())
                        : answer.items().get(0));
    }

    private static Map<String, Object> query(Call call, Offered offered) {
        Map<String, Object> input = new LinkedHashMap<>(call.given());
        List<String> known = new ArrayList<>();
        offered.description().input().forEach(field -> known.add(field.name()));
        input.keySet().retainAll(known);
        return input;
    }

    private static Map<String, Object> body(Call call) throws IOException {
        try {
            Map<String, Object> input = PLAIN.readValue(call.bytes(), FIELDS);
            if (input == null) {
                throw QrmException.invalid("read the request", "", "the body is null", "Send one JSON object.");
            }
            input.values().removeIf(java.util.Objects::isNull);
            call.bodyWas(input);
            return input;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw QrmException.invalid("read the request", "", "it is no JSON object", "Send one JSON object.");
        }
    }
}
