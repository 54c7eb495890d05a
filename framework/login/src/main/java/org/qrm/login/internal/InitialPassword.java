package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file with the random password of the first user, for as long as it is that user's password. */
record InitialPassword(Path dataDirectory) {

    private static final Logger LOG = LoggerFactory.getLogger(InitialPassword.class);

    /** That user has another password now, or is gone: a file that opens nothing only misleads. */
    void forget(String user) {
        Path file = file();
        try {
            if (Files.exists(file) && user.equals(owner())) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warn("{} has a password that is not in use any more, and cannot be deleted", file, e);
        }
    }

    Path file() {
        return dataDirectory.resolve("initial-password");
    }

    Path ownersFile() {
        return dataDirectory.resolve("initial-user");
    }

    private String owner() throws IOException {
        // of a server that was started before this file was written
        return Files.exists(ownersFile()) ? Files.readString(ownersFile()).trim() : "admin";
    }
}
