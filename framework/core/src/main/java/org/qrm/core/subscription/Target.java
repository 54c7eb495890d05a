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
    private static final Pattern PRINTED = Pattern.compile("[!-~]+");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

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
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || uri.getHost() == null) {
            throw invalid(attempted, text, "it is no URL of a host that begins with https://");
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
        return uri;
    }

    private static QrmException invalid(String attempted, String text, String why) {
        return QrmException.invalid(
                attempted, Name.printable(text), why, "Give one as https://chat.example.org/hooks/qrm.");
    }
}
