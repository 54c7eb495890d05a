package org.qrm.login.internal;

import java.io.IOException;
import java.security.Principal;
import java.util.HashSet;
import java.util.Map;
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

/** Has a password checked by the guard, and gives the subject its roles. One object per attempt, as JAAS has it. */
public final class PasswordLogin implements LoginModule {

    /** Option: the {@link Guard}. */
    static final String GUARD = "guard";

    private final Set<Principal> principals = new HashSet<>();
    private Subject subject;
    private CallbackHandler callbacks;
    private Guard guard;

    @Override
    public void initialize(
            Subject newSubject, CallbackHandler handler, Map<String, ?> sharedState, Map<String, ?> options) {
        subject = newSubject;
        callbacks = handler;
        guard = (Guard) options.get(GUARD);
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("User: ");
        PasswordCallback password = new PasswordCallback("Password: ", false);
        ask(name, password);
        char[] secret = password.getPassword();
        if (name.getName() == null || secret == null || secret.length == 0) {
            throw new FailedLoginException("a name and a password are needed");
        }
        User user = checked(name.getName(), new String(secret));
        password.clearPassword();
        principals.add(new UserPrincipal(user.name()));
        Role.valueOf(user.role().name()).principals().forEach(text -> principals.add(new RolePrincipal(text)));
        return true;
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
            throw failure("cannot ask for name and password: " + e.getMessage(), e);
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
