package org.qrm.api.user;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Checks passwords, of the server's own users and of a directory's, and slows down those who guess. Whoever lets people
 * in by a password asks here, so that all ways in share the counters of failures, the audit log and the alarm.
 */
@ProviderType
public interface Logins {

    /**
     * Who that is. A password that was looked at and refused is in the audit log when this throws.
     *
     * @param address where the attempt comes from, an IP address; empty when that is not known
     * @return a user with a role; the version is empty for a user of a directory
     * @throws TooManyAttempts while this user, from this address, or this address is locked out
     * @throws org.qrm.api.QrmException UNAUTHENTICATED for a wrong name or password; FORBIDDEN for a user without any
     *     role; UNAVAILABLE while nobody can be checked
     */
    User login(String name, String password, String address);

    /**
     * Counts a login that names nobody, such as one that cannot be read. Nothing is written down of it.
     *
     * @param address where it comes from
     * @throws TooManyAttempts while this address is locked out
     */
    void malformed(String address);
}
