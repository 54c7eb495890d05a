package org.qrm.login.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.user.User;
import org.qrm.api.user.Users;

/** The users of the file. */
@Component
public final class FileUsers implements Users {

    private final UsersFile file;

    @Activate
    public FileUsers(@Reference ServerSettings settings) {
        this(UsersFile.below(settings.dataDirectory()));
    }

    FileUsers(UsersFile file) {
        this.file = file;
    }

    @Override
    public List<User> list() {
        return read().entrySet().stream()
                .map(entry -> user(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public Optional<User> find(String name) {
        return Optional.ofNullable(read().get(name)).map(user -> user(name, user));
    }

    private Map<String, UsersFile.User> read() {
        try {
            return file.exists() ? file.read() : new TreeMap<>();
        } catch (IOException e) {
            throw QrmException.failed(
                    "look up users",
                    file.path().toString(),
                    "the file cannot be read: " + e.getMessage(),
                    "Make it readable for the server.",
                    e);
        }
    }

    private static User user(String name, UsersFile.User user) {
        org.qrm.api.user.Role role = user.roles().stream()
                .map(known -> org.qrm.api.user.Role.valueOf(known.name()))
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new User(name, role, version(user, role));
    }

    private static String version(UsersFile.User user, org.qrm.api.user.Role role) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((user.password().text() + "," + role).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
