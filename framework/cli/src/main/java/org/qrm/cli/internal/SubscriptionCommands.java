package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qrm subscription}: what is not made from the description of the interface. */
@Command(name = "subscription", description = "Who outside is told of what happened.")
final class SubscriptionCommands {

    private final Session session;

    SubscriptionCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "set-secret",
            description =
                    "Sets what is signed with, whsec_ and base64, or the password for mail; asked for, or read from the input.")
    int setSecret(@Parameters(paramLabel = "NAME") String name) {
        JsonNode changed = session.rest()
                .send(
                        "PUT",
                        "/subscriptions/" + Far.encoded(name) + "/secret",
                        Rest.JSON.createObjectNode().put("value", SecretInput.read(session.in(), "Secret of " + name)));
        if (session.screen().json()) {
            session.screen().answer(changed);
        }
        session.screen().sentence("The secret of subscription " + name + " is set.");
        return 0;
    }
}
