package org.qrm.plugin.nfs.internal;

import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** What the administrator of a source system does not want to be copied: a file there, a pattern of rsync(1) on each line. */
final class SourceExcludes {

    static final String FILE = "/etc/qrm/exclude";

    private static final Pattern PATTERN = Pattern.compile("/[^\\p{Cntrl}]{1,500}");
    private static final int MOST = 200;

    private SourceExcludes() {}

    /** Lines that are blank or begin with # are comments. */
    static List<String> parse(String text) {
        List<String> patterns = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        patterns.forEach(SourceExcludes::check);
        if (patterns.size() > MOST) {
            throw refused(FILE, "it has " + patterns.size() + " patterns, and " + MOST + " is the most");
        }
        return patterns;
    }

    private static void check(String pattern) {
        if (!PATTERN.matcher(pattern).matches()) {
            throw refused(
                    Name.printable(pattern), "a pattern in " + FILE + " of the source system must begin with a slash");
        }
    }

    private static QrmException refused(String on, String reason) {
        return QrmException.invalid("copy the source system", on, reason, "Correct " + FILE + " there.");
    }
}
