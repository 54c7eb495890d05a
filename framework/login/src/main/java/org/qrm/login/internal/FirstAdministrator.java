package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the user {@code admin} of a server that has no users yet. */
final class FirstAdministrator {

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdministrator.class);
    private static final int RANDOM_BYTES = 15;

    private final UsersFile users;
    private final Path initialPassword;

    FirstAdministrator(UsersFile users, Path initialPassword) {
        this.users = users;
        this.initialPassword = initialPassword;
    }

    /**
     * @param chosen password that the administrator gave; null or empty for a random one, left in a file
     */
    void createUnlessThereAreUsers(String chosen) throws IOException {
        if (users.exists()) {
            return;
        }
        String password = chosen;
        if (password == null || password.isEmpty()) {
            password = random();
            // first, since without it nobody could log in as the user that is written next
            UsersFile.writePrivate(initialPassword, password + "\n");
            LOG.info("The first password of admin is in {}; change it, and delete the file", initialPassword);
        }
        users.put("admin", new UsersFile.User(PasswordHash.of(password.toCharArray()), Set.of(Role.ADMIN)));
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
