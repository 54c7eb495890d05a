package org.qrm.core.subscription;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** Where events are sent to. */
final class Target {

    private static final int LONGEST = 2000;
    private static final int LAST_PORT = 65_535;
    private static final int SMTP_PORT = 25;
    private static final int SUBMISSION_PORT = 587;
    private static final int TLS_PORT = 465;
    private static final Pattern PRINTED = Pattern.compile("[!-~]+");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Set<String> MAIL = Set.of("smtp", "smtps");

    private Target() {}

    /** @throws QrmException INVALID for what cannot be a target */
    static URI checked(String attempted, String text) {
        if (text.length() > LONGEST || !PRINTED.matcher(text).matches()) {
            throw invalid(attempted, text, "it is no URL of 1 to " + LONGEST + " printed ASCII characters");
        }
        URI uri;
        try {
            uri = new URI(text).parseServerAuthority();
        } catch (URISyntaxException malformed) {
            throw invalid(attempted, text, "it is no URL: " + malformed.getReason());
        }
        String scheme = scheme(uri);
        if (!Set.of("http", "https").contains(scheme) && !MAIL.contains(scheme) || uri.getHost() == null) {
            throw invalid(attempted, text, "it is no URL of a host that begins with https:// or, for mail, smtp://");
        }
        if (uri.getRawUserInfo() != null) {
            throw QrmException.invalid(
                    attempted,
                    "",
                    "the URL holds credentials, which everybody who looks at the subscription would see",
                    "Leave them out, and let the receiver look at the signature.");
        }
        if (uri.getRawFragment() != null || uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
            throw invalid(attempted, text, "it has a fragment (#…), or a port that is none");
        }
        if (scheme.equals("http") && !LOOPBACK.matcher(uri.getHost()).matches()) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(text),
                    "over plain HTTP everybody on the way could read what is sent, and only this host itself is sent it so",
                    "Use https, or send it to a relay on this host.");
        }
        boolean more = uri.getRawQuery() != null || !Set.of("", "/").contains(uri.getRawPath());
        if (MAIL.contains(scheme) && more) {
            throw invalid(attempted, text, "of a mail server it has more than host and port");
        }
        return uri;
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    /** Whether mail is sent there. */
    static boolean isMail(URI target) {
        return MAIL.contains(scheme(target));
    }

    /** Whether all that is said to a mail server is encrypted. */
    static boolean isTlsFromTheStart(URI target) {
        return scheme(target).equals("smtps");
    }

    /** Whether a mail server is to encrypt before anything else; on this host itself it need not. */
    static boolean isStartTls(URI target) {
        return scheme(target).equals("smtp")
                && !LOOPBACK.matcher(target.getHost()).matches();
    }

    /** Of a mail server, the usual one unless it is said. */
    static int port(URI target) {
        if (target.getPort() > 0) {
            return target.getPort();
        }
        return isTlsFromTheStart(target) ? TLS_PORT : isStartTls(target) ? SUBMISSION_PORT : SMTP_PORT;
    }

    private static QrmException invalid(String attempted, String text, String why) {
        return QrmException.invalid(
                attempted, Name.printable(text), why, "Give one as https://chat.example.org/hooks/qrm.");
    }
}
