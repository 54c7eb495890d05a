package org.qrm.commands.line.noun;

import com.fasterxml.jackson.databind.JsonNode;
import org.qrm.commands.line.Far;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code subscription}. */
@Command(name = "subscription", description = "Who outside is told of what happened.")
public final class SubscriptionNoun {

    private final Nouns.Face face;

    SubscriptionNoun(Nouns.Face face) {
        this.face = face;
    }

    @Command(
            name = "set-secret",
            description =
                    "Sets what is signed with, whsec_ and base64, or the password for mail; asked for, or read from the input.")
    public int setSecret(@Parameters(paramLabel = "NAME") String name) {
        JsonNode changed = face.far()
                .put(
                        "/subscriptions/" + Far.encoded(name) + "/secret",
                        Nouns.object().put("value", face.secret("Secret of " + name)));
        return face.screen().told(changed, "The secret of subscription " + name + " is set.");
    }
}
