package org.qrm.core.storage;

import java.util.regex.Pattern;
import org.qrm.api.HostAddress;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.storage.StoragePath;

/** Addresses, host names and paths from outside: they end up in exports, mount options and remote commands. */
public final class Checked {

    private static final Pattern HOST_KEY = Pattern.compile("[a-z0-9@.-]{1,63} [A-Za-z0-9+/]{1,900}={0,3}");

    private Checked() {}

    /** @throws QrmException INVALID */
    public static String ipv4(String attempted, String text) {
        return accepted(
                HostAddress.isUnicast(text),
                attempted,
                text,
                "that is no IPv4 address of a machine",
                "Give one like 192.168.1.5.");
    }

    /** @throws QrmException INVALID */
    public static String host(String attempted, String text) {
        return accepted(
                HostAddress.isOne(text),
                attempted,
                text,
                "that is neither an IPv4 address nor a host name",
                "Give one like 192.168.1.6 or storage.example.org.");
    }

    /** @throws QrmException INVALID */
    public static String path(String attempted, String text) {
        return accepted(
                StoragePath.isOne(text),
                attempted,
                text,
                "that is no absolute path that can be used",
                "Give one like /diskimages/web1: letters, digits and . _ + @ - between slashes, no part that begins with"
                        + " a dot, at most " + StoragePath.LONGEST + " characters.");
    }

    /** A public host key or null. */
    public static String hostKey(String attempted, String text) {
        return accepted(
                text == null || HOST_KEY.matcher(text).matches(),
                attempted,
                text,
                "that is no public SSH host key",
                "Give type and base64 text, as ssh-keyscan prints them after the host.");
    }

    /** @throws QrmException INVALID when it is longer */
    public static String text(String attempted, String subject, String text, int most) {
        if (text == null || text.length() > most || !text.codePoints().allMatch(Name::isShown)) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(subject),
                    "the description is missing, too long or has control or format characters",
                    "Give a text of at most " + most + " characters.");
        }
        return text;
    }

    private static String accepted(boolean is, String attempted, String text, String reason, String remedy) {
        if (!is) {
            throw QrmException.invalid(attempted, Name.printable(text), reason, remedy);
        }
        return text;
    }
}
