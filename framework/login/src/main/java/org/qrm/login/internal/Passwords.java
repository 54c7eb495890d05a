package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a password with the users file, and that of a name which is not in it with the site's directory. */
final class Passwords implements PasswordCheck {

    private static final String DIRECTORY_SETTINGS = "ldap.properties";
    private static final Logger LOG = LoggerFactory.getLogger(Passwords.class);
    /** What a name that does not exist is compared with, so that it takes as long as one that does. */
    private static final PasswordHash NOBODY = PasswordHash.of(new char[] {'-'});

    private final KnownPasswords known = new KnownPasswords();
    private final DirectoryUsers directory = new DirectoryUsers(Clock.systemUTC());
    private final UsersFile users;
    private final Path directorySettings;

    Passwords(UsersFile users) {
        this.users = users;
        this.directorySettings = users.path().resolveSibling(DIRECTORY_SETTINGS);
    }

    @Override
    public Optional<Set<Role>> rolesOf(String name, char[] password) {
        if (password.length == 0) {
            return Optional.empty();
        }
        Optional<UsersFile.User> user = inFile(name);
        if (user.isPresent()) {
            return known.check(user.get().password(), password)
                    ? Optional.of(user.get().roles())
                    : Optional.empty();
        }
        return ofDirectory(name, password);
    }

    @Override
    public boolean isFirst(String name) {
        return inFile(name).map(UsersFile.User::first).orElse(false);
    }

    private Optional<UsersFile.User> inFile(String name) {
        try {
            return users.user(name);
        } catch (IOException e) {
            LOG.error("Nobody can log in: cannot read {}", users.path(), e);
            throw unavailable(e);
        }
    }

    /** Of a name that the file has not: what the file says of a name, nobody else may say. */
    private Optional<Set<Role>> ofDirectory(String name, char[] password) {
        known.check(NOBODY, password);
        try {
            return directory.rolesOf(directorySettings, name, password);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static QrmException unavailable(IOException cause) {
        return new QrmException(
                new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "log in",
                        "",
                        "the server cannot check passwords now",
                        "Try again in a moment; if it lasts, look into the server's log."),
                cause);
    }
}
