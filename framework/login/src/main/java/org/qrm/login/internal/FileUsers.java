package org.qrm.login.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.user.User;
import org.qrm.api.user.Users;

/** The users of the file. */
@Component
public final class FileUsers implements Users {

    private final UsersFile file;
    private final KeysFile keys;
    private final InitialPassword initial;

    @Activate
    public FileUsers(@Reference ServerSettings settings) {
        this(UsersFile.below(settings.dataDirectory()));
    }

    FileUsers(UsersFile file) {
        this.file = file;
        this.keys = KeysFile.below(file.path().getParent());
        this.initial = new InitialPassword(file.path().getParent());
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

    @Override
    public synchronized User create(String name, String password, org.qrm.api.user.Role role) {
        if (name == null || !UsersFile.NAME.matcher(name).matches()) {
            throw QrmException.invalid(
                    "create user",
                    Name.printable(name),
                    "that is no name of a user",
                    "Use 1 to 32 lower-case letters, digits, '.', '_' and '-', starting with a letter.");
        }
        checkPassword("create user", name, password);
        Map<String, UsersFile.User> users = read();
        if (users.containsKey(name)) {
            throw QrmException.conflict("create user", name, "there is one of that name", "Choose another name.");
        }
        forgetKeys(name); // of an earlier user of that name, whom somebody removed from the file
        return put(users, name, new UsersFile.User(PasswordHash.of(password.toCharArray()), roles(role)));
    }

    @Override
    public synchronized User setPassword(String name, String password) {
        checkPassword("change the password of user", name, password);
        Map<String, UsersFile.User> users = read();
        UsersFile.User before = existing("change the password of user", users, name);
        User changed = put(users, name, new UsersFile.User(PasswordHash.of(password.toCharArray()), before.roles()));
        initial.forget(name);
        return changed;
    }

    @Override
    public synchronized User setRole(String name, org.qrm.api.user.Role role, Expected<User> expected) {
        Map<String, UsersFile.User> users = read();
        UsersFile.User before = existing("change the role of user", users, name);
        if (role != org.qrm.api.user.Role.ADMIN) {
            requireOtherAdministrator("change the role of user", users, name);
        }
        expected.check(user(name, before));
        return put(users, name, new UsersFile.User(before.password(), roles(role), before.first()));
    }

    @Override
    public synchronized void delete(String name, Expected<User> expected) {
        Map<String, UsersFile.User> users = read();
        UsersFile.User before = existing("delete user", users, name);
        requireOtherAdministrator("delete user", users, name);
        expected.check(user(name, before));
        users.remove(name);
        write(users);
        forgetKeys(name);
        initial.forget(name);
    }

    private User put(Map<String, UsersFile.User> users, String name, UsersFile.User user) {
        users.put(name, user);
        write(users);
        return user(name, user);
    }

    private static Set<Role> roles(org.qrm.api.user.Role role) {
        return Set.of(Role.valueOf(role.name()));
    }

    private static void checkPassword(String attempted, String name, String password) {
        PasswordRule.objection(name, password).ifPresent(why -> {
            throw QrmException.invalid(attempted, Name.printable(name), why, PasswordRule.REMEDY);
        });
    }

    private static UsersFile.User existing(String attempted, Map<String, UsersFile.User> users, String name) {
        UsersFile.User user = users.get(name);
        if (user == null) {
            throw QrmException.notFound(attempted, "user", Name.printable(name));
        }
        return user;
    }

    private static void requireOtherAdministrator(String attempted, Map<String, UsersFile.User> users, String name) {
        boolean other = users.entrySet().stream()
                .anyMatch(entry ->
                        !entry.getKey().equals(name) && entry.getValue().roles().contains(Role.ADMIN));
        if (users.get(name).roles().contains(Role.ADMIN) && !other) {
            throw QrmException.refused(
                    attempted, name, "it is the last administrator", "Make another user an administrator first.");
        }
    }

    private void forgetKeys(String name) {
        try {
            keys.forget(name);
        } catch (IOException e) {
            throw unwritable(keys.path(), e);
        }
    }

    private void write(Map<String, UsersFile.User> users) {
        try {
            file.write(users);
        } catch (IOException e) {
            throw unwritable(file.path(), e);
        }
    }

    private static QrmException unwritable(Path file, IOException cause) {
        return QrmException.failed(
                "change users",
                file.toString(),
                "the file cannot be written: " + cause.getMessage(),
                "Make room, and its directory writable for the server.",
                cause);
    }

    private Map<String, UsersFile.User> read() {
        try {
            return file.exists() ? file.read() : new TreeMap<>();
        } catch (IOException e) {
            throw new QrmException(
                    new Problem(
                            Problem.Kind.UNAVAILABLE,
                            "look up users",
                            file.path().toString(),
                            "the file cannot be read: " + e.getMessage(),
                            UsersHealth.REMEDY),
                    e);
        }
    }

    private static User user(String name, UsersFile.User user) {
        org.qrm.api.user.Role role = user.roles().stream()
                .map(known -> org.qrm.api.user.Role.valueOf(known.name()))
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new User(name, role, version(user, role), user.first());
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
