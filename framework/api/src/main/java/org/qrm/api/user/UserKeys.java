package org.qrm.api.user;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Public keys of the server's own users. A user who is removed has none any more. */
@ProviderType
public interface UserKeys {

    /**
     * Those of a user, in the order in which they were added.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND without such a user
     */
    List<UserKey> list(String user);

    /**
     * Lets a user log in by a key; durable when this returns. One that the user has already stays as it is.
     *
     * @param line as in a {@code .pub} file: type, key in base64, and a comment if there is one (authorized_keys(5), without options)
     * @throws org.qrm.api.QrmException NOT_FOUND without such a user; INVALID, with the reason, for what is no such line or a
     *     key that is too weak; REFUSED when the user has 100 already
     */
    UserKey add(String user, String line);

    /**
     * The key opens nothing for that user any more.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND without such a user or key
     */
    void remove(String user, String fingerprint);
}
