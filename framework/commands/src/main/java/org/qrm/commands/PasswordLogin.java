package org.qrm.commands;

/** Finds out who somebody is by a password. */
public interface PasswordLogin {

    /**
     * Who that is.
     *
     * @param address where the attempt comes from
     * @throws org.qrm.api.QrmException UNAUTHENTICATED for a wrong name or password, and while this user or address is
     *     locked out; FORBIDDEN for a user without any
     *     role here; UNAVAILABLE while nobody can be checked
     */
    Caller login(String user, String password, String address);
}
