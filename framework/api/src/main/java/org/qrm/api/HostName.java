package org.qrm.api;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a machine may be called on a network: RFC 1123, 2.1, which lets the names of RFC 952 begin with a digit. Labels of
 * letters, digits and inner hyphens, at most 63 each and 253 together; not what looks like an address.
 */
public final class HostName {

    private static final int LONGEST = 253;
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern LABELS = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    /** What C libraries read as an IPv4 address: up to four numbers, also octal and hexadecimal ones (inet_aton(3)). */
    private static final String NUMBER = "(0[xX][0-9A-Fa-f]+|[0-9]+)";

    private static final Pattern LOOKS_NUMERIC = Pattern.compile("[0-9.]+|" + NUMBER + "(\\." + NUMBER + "){0,3}");

    /** What each machine calls itself: RFC 6761, 6.3, and the files hosts of Debian, Red Hat and SUSE. */
    private static final Pattern OWN = Pattern.compile("(.+\\.)?localhost(\\.localdomain)?|localhost\\..+"
            + "|localhost[46](\\.localdomain[46])?|ip(v)?6-(localhost|loopback)");

    private HostName() {}

    /** Whether it is a host name, of whichever machine. */
    public static boolean isOne(String text) {
        return text != null
                && text.length() <= LONGEST
                && LABELS.matcher(text).matches()
                && !LOOKS_NUMERIC.matcher(text).matches();
    }

    /**
     * Returns the name if a machine can have it as its own: a {@link Name} that is a host name, and not that by which each
     * machine calls itself.
     *
     * @throws QrmException kind INVALID
     */
    public static String checked(String attempted, String name) {
        Name.checked(attempted, "resource", name);
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isOne(name)) {
            throw QrmException.invalid(
                    attempted,
                    name,
                    "it is the machine's host name, too, and is none",
                    "Use letters, digits and '-' inside of a name, with single dots between its parts, and not what looks like a number or an address.");
        }
        if (OWN.matcher(lower).matches()) {
            throw QrmException.invalid(
                    attempted, name, "each machine calls itself by that name", "Give it a name of its own.");
        }
        return name;
    }
}
