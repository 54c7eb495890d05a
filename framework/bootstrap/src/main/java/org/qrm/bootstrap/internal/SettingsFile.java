package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code etc/qrm.cfg}: lines {@code NAME=value}, as {@code bin/qrm-server} reads them too. */
final class SettingsFile {

    static final List<String> NAMES = List.of(
            "QRM_ADDRESS",
            "QRM_HTTP_PORT",
            "QRM_HTTPS_PORT",
            "QRM_SSH_PORT",
            "QRM_SSH_PASSWORDS",
            "QRM_NAMES",
            "QRM_TRUSTED_PROXIES",
            "QRM_PLUGIN_UPLOADS",
            "QRM_NODE_NAT",
            "QRM_DATA",
            "QRM_DATABASE_URL",
            "QRM_ADMIN_USER",
            "QRM_ADMIN_PASSWORD",
            "QRM_SILENCE_SECONDS",
            "QRM_BOOT_SECONDS",
            "QRM_RELEASE_SECONDS",
            "QRM_HEALS_AT_ONCE",
            "QRM_POWER_SECONDS",
            "QRM_WEBHOOK_CA",
            "QRM_JAVA_OPTS");

    private static final Pattern LINE = Pattern.compile("\\s*([A-Z_]+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern NOTHING = Pattern.compile("\\s*(#.*)?");

    private SettingsFile() {}

    /** What the file says; nothing, when there is none. */
    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> values = new HashMap<>();
        if (!Files.exists(file)) {
            return values;
        }
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (!NOTHING.matcher(line).matches()) {
                readLine(values, line, file + ", line " + number);
            }
        }
        return values;
    }

    private static void readLine(Map<String, String> values, String line, String where) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new BadSetting(where + ": expected NAME=value");
        }
        if (!NAMES.contains(matcher.group(1))) {
            throw new BadSetting(where + ": no setting is called " + matcher.group(1) + "; there are: " + NAMES);
        }
        if (!matcher.group(2).isEmpty()) {
            values.put(matcher.group(1), matcher.group(2));
        }
    }
}
