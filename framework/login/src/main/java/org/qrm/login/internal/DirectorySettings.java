package org.qrm.login.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * {@code QRM_DATA/ldap.properties}: lines {@code name = value}, taken as they are, without escapes. It is read at each
 * login, so that an edit takes effect at once.
 *
 * @param urls where the directory answers, in the order in which they are tried
 * @param startTls whether an {@code ldap:} connection is encrypted by StartTLS (RFC 4511, 4.14)
 * @param caCertificate PEM file of the authority that signed the directory's certificate; null for those of Java
 * @param bindDn who looks users up; null for anybody
 * @param bindPassword file with the password of {@code bindDn}; null without one
 * @param userFilter finds a user below {@code userBase}; {0} stands for the name
 * @param groupFilter is true of a group that has the user; {0} stands for the user's DN, {1} for the name
 * @param groups by role, the DN of the group whose members have it
 * @param patience how long one login may wait for the directory, 1 to 4 s
 */
record DirectorySettings(
        List<String> urls,
        boolean startTls,
        Path caCertificate,
        String bindDn,
        Path bindPassword,
        LdapName userBase,
        String userFilter,
        String groupFilter,
        Map<Role, LdapName> groups,
        Duration patience) {

    private static final Set<String> NAMES = Set.of(
            "url",
            "startTls",
            "caCertificate",
            "bindDn",
            "bindPasswordFile",
            "userBase",
            "userFilter",
            "groupFilter",
            "group.admin",
            "group.operator",
            "group.viewer",
            "timeoutSeconds");
    private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    /**
     * Reads the file.
     *
     * @return empty when there is none, and so no directory
     * @throws IOException when it cannot be read, or what it says cannot be meant; the message says what
     */
    static Optional<DirectorySettings> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> values = values(file);
        DirectorySettings settings = new DirectorySettings(
                List.of(required(values, "url").split("\\s+")),
                yesOrNo(values.getOrDefault("startTls", "false")),
                path(file, values.get("caCertificate")),
                values.get("bindDn"),
                path(file, values.get("bindPasswordFile")),
                name(required(values, "userBase")),
                values.getOrDefault("userFilter", "(uid={0})"),
                values.getOrDefault("groupFilter", "(|(member={0})(uniqueMember={0})(memberUid={1}))"),
                groups(values),
                patience(values.getOrDefault("timeoutSeconds", "3")));
        settings.check();
        return Optional.of(settings);
    }

    /** The password of {@code bindDn}. */
    char[] readBindPassword() throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(bindPassword);
        permissions.retainAll(OF_OTHERS);
        if (!permissions.isEmpty()) {
            throw new IOException(bindPassword + " is open to others than its owner; chmod 600 it");
        }
        String password = Files.readString(bindPassword).strip();
        if (password.isEmpty()) {
            throw new IOException(bindPassword + " is empty");
        }
        return password.toCharArray();
    }

    private void check() throws IOException {
        for (String url : urls) {
            checkUrl(url);
        }
        if ((bindDn == null) != (bindPassword == null)) {
            throw new IOException("bindDn and bindPasswordFile belong together");
        }
        if (!userFilter.contains("{0}")) {
            throw new IOException("userFilter has no {0} for the name");
        }
        if (!groupFilter.contains("{0}") && !groupFilter.contains("{1}")) {
            throw new IOException("groupFilter has neither {0} for the user's DN nor {1} for the name");
        }
    }

    /** Passwords travel encrypted, or not at all. */
    private void checkUrl(String url) throws IOException {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IOException(url + " is no URL", e);
        }
        boolean encrypted = "ldaps".equals(uri.getScheme());
        if (uri.getHost() == null
                || !(encrypted || "ldap".equals(uri.getScheme()))
                || !uri.getPath().replace("/", "").isEmpty()
                || uri.getQuery() != null) {
            throw new IOException(url + " is not of the form ldaps://HOST, ldaps://HOST:PORT or ldap://…");
        }
        if (encrypted && startTls) {
            throw new IOException("startTls is for ldap://, and " + url + " is encrypted from the beginning");
        }
        if (!encrypted && !startTls && !THIS_HOST.contains(uri.getHost())) {
            throw new IOException(url + " would send passwords in clear; use ldaps://, or startTls = true");
        }
    }

    private static Map<String, String> values(Path file) throws IOException {
        Map<String, String> values = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            String[] parts = line.split("=", 2);
            String name = parts[0].strip();
            if (parts.length < 2 || !NAMES.contains(name)) {
                throw new IOException("line " + number + " is no setting (name = value)");
            }
            if (!parts[1].isBlank() && values.put(name, parts[1].strip()) != null) {
                throw new IOException("line " + number + " sets " + name + " a second time");
            }
        }
        return values;
    }

    private static String required(Map<String, String> values, String name) throws IOException {
        String value = values.get(name);
        if (value == null) {
            throw new IOException(name + " is missing");
        }
        return value;
    }

    private static Map<Role, LdapName> groups(Map<String, String> values) throws IOException {
        Map<Role, LdapName> groups = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            String group = values.get("group." + role.text());
            if (group != null) {
                groups.put(role, name(group));
            }
        }
        if (groups.isEmpty()) {
            throw new IOException("none of group.admin, group.operator and group.viewer is set");
        }
        return groups;
    }

    private static LdapName name(String text) throws IOException {
        try {
            return new LdapName(text);
        } catch (InvalidNameException e) {
            throw new IOException(text + " is no distinguished name", e);
        }
    }

    private static Path path(Path file, String value) {
        return value == null ? null : file.resolveSibling(value);
    }

    private static boolean yesOrNo(String value) throws IOException {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IOException("startTls is true or false, not " + value);
        }
        return value.equals("true");
    }

    private static Duration patience(String value) throws IOException {
        if (!value.matches("[1-4]")) {
            throw new IOException("timeoutSeconds is 1 to 4, not " + value);
        }
        return Duration.ofSeconds(Long.parseLong(value));
    }
}
