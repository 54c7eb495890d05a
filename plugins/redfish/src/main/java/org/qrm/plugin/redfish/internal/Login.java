package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** As whom requests are sent: HTTP Basic, or a session (DSP0266, "Redfish session login authentication"). */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final int MOST_SESSIONS = 3;
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Conversation conversation;
    private final Service service;
    private final Fault fault;
    private int sessions;
    private String token = "";
    private Optional<URI> session = Optional.empty();

    Login(Conversation conversation, Service service, Fault fault) {
        this.conversation = conversation;
        this.service = service;
        this.fault = fault;
    }

    HttpRequest.Builder sign(HttpRequest.Builder request) {
        return token.isEmpty()
                ? request.setHeader("Authorization", service.basic())
                : request.setHeader("X-Auth-Token", token);
    }

    /**
     * Begins a session, instead of one that the service has forgotten.
     *
     * @return false when the service offers none, or has forgotten too many
     * @throws QrmException when it refuses one
     */
    boolean renew() {
        if (sessions >= MOST_SESSIONS) {
            return false;
        }
        end();
        sessions++;
        // the root is for everybody
        Answer root = conversation.sendPatiently(
                HttpRequest.newBuilder(service.root()).GET().build());
        Optional<URI> place = sessions(root);
        place.ifPresent(this::begin);
        return place.isPresent();
    }

    private Optional<URI> sessions(Answer root) {
        String direct = Json.text(root.json(), "Links", "Sessions", "@odata.id");
        if (!direct.isEmpty()) {
            return Optional.of(conversation.follow(root, direct));
        }
        String offered = Json.text(root.json(), "SessionService", "@odata.id");
        return offered.isEmpty() ? Optional.empty() : Optional.of(conversation.follow(root, offered + "/Sessions"));
    }

    private void begin(URI place) {
        ObjectNode who = Json.empty().put("UserName", service.user()).put("Password", service.password());
        Answer answer = conversation.sendPatiently(Conversation.json(HttpRequest.newBuilder(place))
                .POST(Conversation.content(who))
                .build());
        if (!answer.isGood()) {
            throw fault.refused(answer);
        }
        session = service.follow(answer.place(), answer.header("Location"))
                .filter(uri -> !answer.header("Location").isEmpty())
                .or(() -> Optional.of(Json.text(answer.json(), "@odata.id"))
                        .filter(id -> !id.isEmpty())
                        .flatMap(id -> service.follow(answer.place(), id)));
        token = answer.header("X-Auth-Token");
        if (token.isEmpty()) {
            throw fault.odd("the service began a session without a token");
        }
        if (session.isEmpty()) {
            LOG.warn("{} does not say how its session is ended; it ends by itself", service.subject());
        }
    }

    /** Ends the session, if there is one, also for whoever was interrupted. */
    void end() {
        Optional<URI> place = session;
        String signature = token;
        session = Optional.empty();
        token = "";
        if (place.isEmpty() || signature.isEmpty()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            HttpRequest request = HttpRequest.newBuilder(place.get())
                    .DELETE()
                    .header("X-Auth-Token", signature)
                    .build();
            Answer answer = conversation.sendFarewell(request, FAREWELL);
            if (!answer.isGood() && answer.status() != 401 && answer.status() != 404) {
                LOG.warn("{} did not end a session: {}", service.subject(), answer.status());
            }
        } catch (IOException | TimeoutException | CancelledException lost) {
            LOG.warn("{} did not end a session: {}", service.subject(), lost.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
