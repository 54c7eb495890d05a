package org.qrm.api.subscription;

import java.util.List;
import java.util.Objects;

/**
 * Of a subscription that sends mail: from whom, and to whom.
 *
 * @param login user at the mail server, whose password is the subscription's secret; empty to send without
 * @param sender {@code qrm@example.org}; at most 254 characters, as each recipient
 * @param recipients 1 to 10
 */
public record MailAddresses(String login, String sender, List<String> recipients) {
    public MailAddresses {
        Objects.requireNonNull(login);
        Objects.requireNonNull(sender);
        recipients = List.copyOf(recipients);
    }
}
