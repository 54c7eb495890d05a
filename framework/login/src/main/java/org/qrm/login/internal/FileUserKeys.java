package org.qrm.login.internal;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.user.UserKey;
import org.qrm.api.user.UserKeys;

/** The public keys of the users of the file. */
@Component
public final class FileUserKeys implements UserKeys {

    private static final int MOST = 100;
    private static final String ADD = "add key of user";

    private final UsersFile users;
    private final KeysFile keys;

    @Activate
    public FileUserKeys(@Reference ServerSettings settings) {
        this(UsersFile.below(settings.dataDirectory()), KeysFile.below(settings.dataDirectory()));
    }

    FileUserKeys(UsersFile users, KeysFile keys) {
        this.users = users;
        this.keys = keys;
    }

    @Override
    public List<UserKey> list(String user) {
        requireUser("list keys of user", user);
        return read(user).stream().map(key -> shown(user, key)).toList();
    }

    @Override
    public UserKey add(String user, String line) {
        SshKey key = parsed(user, line);
        synchronized (KeysFile.class) {
            requireUser(ADD, user);
            if (read(user).size() >= MOST) {
                throw QrmException.refused(ADD, user, "there are " + MOST + " already", "Remove some first.");
            }
            return shown(user, write(() -> keys.add(user, key)));
        }
    }

    @Override
    public void remove(String user, String fingerprint) {
        String attempted = "remove key of user";
        requireUser(attempted, user);
        if (!write(() -> keys.remove(user, fingerprint))) {
            throw QrmException.notFound(attempted, "key of " + user, Name.printable(fingerprint));
        }
    }

    private static SshKey parsed(String user, String line) {
        try {
            return SshKey.parse(line == null ? "" : line);
        } catch (SshKey.Refused refused) {
            throw QrmException.invalid(ADD, Name.printable(user), refused.getMessage(), refused.remedy());
        }
    }

    private void requireUser(String attempted, String user) {
        try {
            if (!users.exists() || users.user(user).isEmpty()) {
                throw QrmException.notFound(attempted, "user", Name.printable(user));
            }
        } catch (IOException e) {
            throw failed("look up users", users.path().toString(), e);
        }
    }

    private List<SshKey> read(String user) {
        try {
            return keys.of(user);
        } catch (IOException e) {
            throw failed("look up keys of users", keys.path().toString(), e);
        }
    }

    private interface Change<T> {
        T make() throws IOException;
    }

    private <T> T write(Change<T> change) {
        try {
            return change.make();
        } catch (IOException e) {
            throw failed("change keys of users", keys.path().toString(), e);
        }
    }

    private static QrmException failed(String attempted, String file, IOException cause) {
        return QrmException.failed(
                attempted,
                file,
                "the file cannot be read or written: " + cause.getMessage(),
                "Make room, and it and its directory readable and writable for the server.",
                cause);
    }

    private static UserKey shown(String user, SshKey key) {
        return new UserKey(user, key.fingerprint(), key.type(), key.bits(), key.comment());
    }
}
