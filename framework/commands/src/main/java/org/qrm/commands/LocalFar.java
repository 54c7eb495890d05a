package org.qrm.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Happenings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server, for who is in its own process: the same routes, roles and audit as by HTTP, without HTTP. */
public final class LocalFar implements Far {

    private static final Logger LOG = LoggerFactory.getLogger(LocalFar.class);
    private static final String ORIGIN = "console";

    private final Router router;
    private final AuditTrail audit;
    private final Caller caller;
    private final String command;

    /** @param command what was typed, without its arguments, for the audit log */
    public LocalFar(Router router, AuditTrail audit, Caller caller, String command) {
        this.router = router;
        this.audit = audit;
        this.caller = caller;
        this.command = command;
    }

    @Override
    public JsonNode send(String method, String path, JsonNode body) {
        byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        return carriedOut(method, path, new ByteArrayInputStream(bytes), bytes.length);
    }

    @Override
    public JsonNode upload(String path, Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            return carriedOut("PUT", path, content, Files.size(file));
        } catch (IOException e) {
            throw Failure.usage("Cannot read " + file + ": " + e.getMessage());
        }
    }

    /** Looks for the newest event: whoever waits here holds the console's own thread anyway. */
    @Override
    public Happenings happenings(Consumer<String> tell) {
        return new Happenings() {
            private long seen = newest();

            @Override
            public void await(Duration atMost) throws InterruptedException {
                long end = System.nanoTime() + atMost.toNanos();
                while (newest() == seen && System.nanoTime() - end < 0) {
                    TimeUnit.MILLISECONDS.sleep(250);
                }
                seen = newest();
            }

            @Override
            public void close() {}
        };
    }

    /** Zero while that cannot be told; what is watched says why. */
    private long newest() {
        try {
            return get("/events?limit=1&fields=id")
                    .path("items")
                    .path(0)
                    .path("id")
                    .asLong();
        } catch (Failure absent) {
            return 0;
        }
    }

    private JsonNode carriedOut(String method, String path, InputStream content, long length) {
        try {
            String[] parts = path.split("\\?", 2);
            String query = parts.length == 2 ? parts[1] : "";
            Router.Match match = router.find(method, parts[0]);
            LocalCall call = new LocalCall(match.route(), match.variables(), caller, content, length);
            Answer answer = method.equals("GET")
                    ? answered(call, query)
                    : audit.around(call, entry(), () -> answered(call, query));
            return answer.body() == null ? MissingNode.getInstance() : Json.tree(answer.body());
        } catch (QrmException e) {
            Map<String, String> errors = e instanceof FieldErrors wrong ? wrong.errors() : Map.of();
            StringBuilder sentence = new StringBuilder(e.getMessage());
            errors.forEach((field, why) ->
                    sentence.append("\n  ").append(field).append(": ").append(why));
            throw new Failure(status(e.problem().kind()), sentence.toString(), errors);
        } catch (Exception | LinkageError e) {
            // a linkage error: a plug-in's bundle went while it was called
            LOG.error("{} failed", command, e);
            throw new Failure(Failure.FAILED, "Cannot carry out " + command + ": " + e + ". See the server's log.");
        }
    }

    private static Answer answered(LocalCall call, String query) throws Exception {
        call.requireRole();
        call.takeQuery(LocalCall.parsed(query));
        return call.route().handler().handle(call);
    }

    /** The exit status of {@code bin/qrm}, which has it from the status of the answer. */
    public static int status(Problem.Kind kind) {
        return Failure.ofHttp(ProblemBody.status(kind));
    }

    private AuditTrail.Entry entry() {
        return new AuditTrail.Entry() {
            @Override
            public String origin(Call call) {
                return ORIGIN;
            }

            @Override
            public String action(Call call) {
                return command;
            }

            @Override
            public String details(Call call) {
                return (((LocalCall) call).subject() + " " + AuditTrail.Entry.super.details(call)).strip();
            }

            @Override
            public String done(Answer answer) {
                return "ok";
            }

            @Override
            public String refused(QrmException problem) {
                return problem.problem().reason();
            }

            @Override
            public String failed(Throwable fault) {
                return "failed: " + fault.getClass().getSimpleName();
            }
        };
    }

    /** A call that came by no network. */
    private static final class LocalCall extends Call {

        private final InputStream content;
        private final long length;

        LocalCall(Route route, Map<String, String> variables, Caller caller, InputStream content, long length) {
            super(route, variables, caller);
            this.content = content;
            this.length = length;
        }

        static Map<String, String> parsed(String query) {
            return pairs(query);
        }

        /** What the path names. */
        String subject() {
            return route().segments().stream()
                    .filter(Route::isVariable)
                    .map(segment -> path(Route.variable(segment)))
                    .collect(Collectors.joining(" "));
        }

        @Override
        public String origin() {
            return ORIGIN;
        }

        @Override
        protected byte[] readBody() throws IOException {
            return content.readAllBytes();
        }

        @Override
        public InputStream stream() {
            return content;
        }

        @Override
        public long length() {
            return length;
        }
    }
}
