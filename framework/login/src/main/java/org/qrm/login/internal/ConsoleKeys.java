package org.qrm.login.internal;

import java.io.IOException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a public key is. Nothing is proven by asking: the client's signature comes later, and its program offers all keys that it
 * has, one after the other. So that is no guess: nothing is counted, and nothing written down. Nobody guesses a key, so a user whose
 * password is being guessed is not kept out by it, and the password that the server made is no matter here.
 */
record ConsoleKeys(UsersFile users, KeysFile keys) {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleKeys.class);

    /** @return what the user may do; empty unless it is a user of the file who has that key */
    Optional<Set<Role>> rolesOf(String name, PublicKey key) {
        try {
            byte[] blob = blob(key);
            boolean known = keys.of(name).stream().anyMatch(each -> Arrays.equals(each.blob(), blob));
            return known ? users.user(name).map(UsersFile.User::roles) : Optional.empty();
        } catch (IOException e) {
            LOG.error("Nobody can log in by key: cannot read {} or {}", keys.path(), users.path(), e);
            return Optional.empty();
        }
    }

    static String fingerprint(PublicKey key) {
        return SshKey.fingerprint(blob(key));
    }

    private static byte[] blob(PublicKey key) {
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }
}
