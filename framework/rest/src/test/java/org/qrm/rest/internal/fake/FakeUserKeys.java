package org.qrm.rest.internal.fake;

import java.util.ArrayList;
import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.user.UserKey;
import org.qrm.api.user.UserKeys;

/** Keys in memory; what begins with {@code ssh-} is one. */
public final class FakeUserKeys implements UserKeys {

    public final List<UserKey> known = new ArrayList<>();

    private final FakeUsers users;

    FakeUserKeys(FakeUsers users) {
        this.users = users;
    }

    @Override
    public List<UserKey> list(String user) {
        requireUser(user);
        return known.stream().filter(key -> key.user().equals(user)).toList();
    }

    @Override
    public UserKey add(String user, String line) {
        requireUser(user);
        if (!line.startsWith("ssh-")) {
            throw QrmException.invalid("add key of user", user, "it is no public key", "Give one.");
        }
        String[] words = line.split(" ");
        UserKey key = new UserKey(user, "SHA256:" + words[1], words[0], 256, words[2]);
        known.add(key);
        return key;
    }

    @Override
    public void remove(String user, String fingerprint) {
        requireUser(user);
        if (!known.removeIf(key -> key.user().equals(user) && key.fingerprint().equals(fingerprint))) {
            throw QrmException.notFound("remove key of user", "key of " + user, fingerprint);
        }
    }

    private void requireUser(String user) {
        if (users.find(user).isEmpty()) {
            throw QrmException.notFound("find user", "user", user);
        }
    }
}
