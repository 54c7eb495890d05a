package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the first user of a server that has none yet, and leaves its name for those who greet the administrator. */
final class FirstAdministrator {

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdministrator.class);
    private static final int RANDOM_BYTES = 15;

    private final UsersFile users;
    private final InitialPassword initial;

    FirstAdministrator(UsersFile users, Path dataDirectory) {
        this.users = users;
        this.initial = new InitialPassword(dataDirectory);
    }

    /**
     * @param name of a user, checked where the settings are read
     * @param chosen password that the administrator gave; null or empty for a random one, left in a file
     */
    void createUnlessThereAreUsers(String name, String chosen) throws IOException {
        if (users.hasUsers()) {
            return;
        }
        // both files first, since without them nobody would know how to log in as the user that is written next
        UsersFile.writePrivate(initial.ownersFile(), name + "\n");
        boolean made = chosen == null || chosen.isEmpty();
        String password = made ? random() : chosen;
        if (made) {
            UsersFile.writePrivate(initial.file(), password + "\n");
            LOG.info("The first password of {} is in {}; it opens nothing until it is changed", name, initial.file());
        }
        PasswordRule.objection(name, password)
                .ifPresent(why -> LOG.warn("QRM_ADMIN_PASSWORD is taken, but {}; change it", why));
        users.put(name, new UsersFile.User(PasswordHash.of(password.toCharArray()), Set.of(Role.ADMIN), made));
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
