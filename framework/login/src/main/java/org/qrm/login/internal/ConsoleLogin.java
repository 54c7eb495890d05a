package org.qrm.login.internal;

import java.io.IOException;
import java.security.Principal;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.User;

/**
 * Has a password checked by the guard, or looks whose an offered key is, and gives the subject its roles. One object per attempt, as
 * JAAS has it.
 */
public final class ConsoleLogin implements LoginModule {

    /** Option: the {@link Guard}. */
    static final String GUARD = "guard";
    /** Option: the {@link ConsoleKeys}. */
    static final String KEYS = "keys";

    private final Set<Principal> principals = new HashSet<>();
    private Subject subject;
    private CallbackHandler callbacks;
    private Guard guard;
    private ConsoleKeys keys;

    @Override
    public void initialize(
            Subject newSubject, CallbackHandler handler, Map<String, ?> sharedState, Map<String, ?> options) {
        subject = newSubject;
        callbacks = handler;
        guard = (Guard) options.get(GUARD);
        keys = (ConsoleKeys) options.get(KEYS);
    }

    @Override
    public boolean login() throws LoginException {
        Optional<PublicKey> key = Peer.key();
        if (key.isPresent()) {
            byKey(key.get());
        } else {
            byPassword();
        }
        return true;
    }

    private void byKey(PublicKey key) throws LoginException {
        NameCallback name = new NameCallback("User: ");
        ask(name);
        Set<Role> roles = keys.rolesOf(name.getName(), key)
                .orElseThrow(() -> new FailedLoginException("the user has no such key"));
        hold(name.getName(), roles);
    }

    private void byPassword() throws LoginException {
        NameCallback name = new NameCallback("User: ");
        PasswordCallback password = new PasswordCallback("Password: ", false);
        ask(name, password);
        char[] secret = password.getPassword();
        if (name.getName() == null || secret == null || secret.length == 0) {
            throw new FailedLoginException("a name and a password are needed");
        }
        User user = checked(name.getName(), new String(secret));
        password.clearPassword();
        hold(user.name(), Set.of(Role.valueOf(user.role().name())));
    }

    private void hold(String name, Set<Role> roles) {
        principals.add(new UserPrincipal(name));
        roles.forEach(role -> role.principals().forEach(text -> principals.add(new RolePrincipal(text))));
    }

    @Override
    public boolean commit() {
        subject.getPrincipals().addAll(principals);
        return !principals.isEmpty();
    }

    @Override
    public boolean abort() {
        principals.clear();
        return true;
    }

    @Override
    public boolean logout() {
        subject.getPrincipals().removeAll(principals);
        principals.clear();
        return true;
    }

    private void ask(Callback... what) throws LoginException {
        try {
            callbacks.handle(what);
        } catch (IOException | UnsupportedCallbackException e) {
            throw failure("cannot ask who it is: " + e.getMessage(), e);
        }
    }

    private User checked(String name, String password) throws LoginException {
        try {
            return guard.atConsole(name, password, Peer.address());
        } catch (QrmException e) {
            if (e.problem().kind() == Problem.Kind.FORBIDDEN) {
                // the password was right, so this is no help for whoever guesses
                Peer.tell(e.getMessage());
            }
            boolean refused = e.problem().kind() == Problem.Kind.UNAUTHENTICATED
                    || e.problem().kind() == Problem.Kind.FORBIDDEN;
            throw refused ? new FailedLoginException(e.problem().reason()) : failure(e.getMessage(), e);
        }
    }

    private static LoginException failure(String message, Exception cause) {
        LoginException failure = new LoginException(message);
        failure.initCause(cause);
        return failure;
    }
}
