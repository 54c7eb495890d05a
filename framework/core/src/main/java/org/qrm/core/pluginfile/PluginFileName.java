package org.qrm.core.pluginfile;

import java.util.Locale;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** What a plug-in's file may be called: no path, nothing hidden, and a bundle by its ending. */
final class PluginFileName {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}\\.jar");

    private PluginFileName() {}

    static boolean is(String name) {
        return name != null && ALLOWED.matcher(name).matches();
    }

    /** @throws QrmException INVALID */
    static String checked(String attempted, String name) {
        if (is(name)) {
            return name;
        }
        if (name != null && name.toLowerCase(Locale.ROOT).endsWith(".kar")) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(name),
                    "a kar may bring many bundles, and what fails half-way could not be undone",
                    "Send the plug-in's jar, or put the kar into the folder deploy of QRM_DATA by hand.");
        }
        throw QrmException.invalid(
                attempted,
                Name.printable(name),
                "that is no name of a plug-in's file",
                "Use 5 to 100 letters, digits, '.', '_' and '-', not starting with '.', ending in \".jar\".");
    }
}
