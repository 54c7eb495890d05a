package org.qrm.shell.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.qrm.api.user.Role;
import org.qrm.api.user.UserKey;
import org.qrm.api.user.UserKeys;

/** {@code qrm:user-add-key}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "user-add-key", description = "Lets a user log in at the SSH console by a public key.")
public final class UserAddKey extends UserCommand {

    @Reference(optional = true)
    UserKeys keys;

    @Argument(index = 1, name = "file", description = "Path of the .pub file, on the server.", required = true)
    @Completion(FileCompleter.class)
    String file;

    private UserKey added;

    @Override
    void run() throws IOException {
        added = keys.add(user, Files.readString(Path.of(file)));
        if (json()) {
            item(View.of(added));
        }
        say(user + " has the key " + added.fingerprint() + " (" + added.type() + ", " + added.bits() + " bits).");
    }

    @Override
    String subject() {
        return added == null ? user : user + " " + added.fingerprint();
    }
}
