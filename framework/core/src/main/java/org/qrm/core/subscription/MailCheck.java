package org.qrm.core.subscription;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.subscription.MailAddresses;

/** Whether mail can be sent so. No address can be more than one word on a line of the conversation or of a mail. */
final class MailCheck {

    private static final int MOST = 10;
    private static final int LONGEST_ADDRESS = 254;
    private static final int LONGEST_LOGIN = 200;
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

    private MailCheck() {}

    /**
     * @param mail null unless it is a mail server
     * @throws QrmException INVALID
     */
    static void check(String attempted, URI target, MailAddresses mail) {
        if (Target.isMail(target) != (mail != null)) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(target.toString()),
                    mail == null
                            ? "mail needs a sender and recipients"
                            : "a sender, recipients and a user are for mail alone",
                    "Give sender and recipients with a target smtp://… or smtps://…, and only with such.");
        }
        if (mail == null) {
            return;
        }
        checkAddress(attempted, mail.sender());
        List<String> recipients = mail.recipients();
        if (recipients.isEmpty() || recipients.size() > MOST) {
            throw QrmException.invalid(
                    attempted, "", "there are " + recipients.size() + " recipients", "Give 1 to " + MOST + ".");
        }
        recipients.forEach(each -> checkAddress(attempted, each));
        if (mail.login().length() > LONGEST_LOGIN || mail.login().codePoints().anyMatch(Character::isISOControl)) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(mail.login()),
                    "that is no user of a mail server",
                    "Use at most " + LONGEST_LOGIN + " characters on one line.");
        }
    }

    private static void checkAddress(String attempted, String address) {
        if (address.length() > LONGEST_ADDRESS || !ADDRESS.matcher(address).matches()) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(address),
                    "that is no mail address",
                    "Give one as qrm@example.org, of at most " + LONGEST_ADDRESS
                            + " ASCII characters, without a name.");
        }
    }
}
