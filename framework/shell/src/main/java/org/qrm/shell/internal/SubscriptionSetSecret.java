package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.subscription.Subscriptions;
import org.qrm.api.user.Role;

/** {@code qrm:subscription-set-secret}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "subscription-set-secret",
        description =
                "Sets what a subscription is signed with, whsec_ and base64, or its password for mail; asks for it.")
public final class SubscriptionSetSecret extends ShowingCommand {

    @Reference(optional = true)
    Subscriptions subscriptions;

    @Argument(index = 0, name = "name", description = "Name of the subscription.", required = true)
    @Completion(SubscriptionCompleter.class)
    String name;

    @Override
    void run() throws IOException {
        subscriptions.setSecret(name, typedTwice("set secret of subscription", name, "Secret"));
        say("The secret of subscription " + name + " is set.");
    }
}
