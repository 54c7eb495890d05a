package org.qrm.rest.internal.access;

import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AccountException;
import javax.security.auth.login.CredentialException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users of Karaf's JAAS realm {@code karaf}, the same as on its console. */
final class KarafRealm implements PasswordCheck {

    private static final Logger LOG = LoggerFactory.getLogger(KarafRealm.class);
    private static final String REALM = "karaf";

    @Override
    public Optional<Set<String>> roles(String user, String password) {
        Subject subject = new Subject();
        try {
            LoginContext login = new LoginContext(REALM, subject, callbacks -> answer(callbacks, user, password));
            login.login();
            Set<String> roles = subject.getPrincipals(RolePrincipal.class).stream()
                    .map(Principal::getName)
                    .collect(Collectors.toSet());
            login.logout();
            return Optional.of(roles);
        } catch (FailedLoginException | CredentialException | AccountException e) {
            return Optional.empty();
        } catch (LoginException e) {
            LOG.warn("Cannot check logins against the JAAS realm {}", REALM, e);
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "log in",
                    "",
                    "the server cannot check passwords now",
                    "Try again in a moment; if it lasts, look into the server's log."));
        }
    }

    private static void answer(Callback[] callbacks, String user, String password)
            throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user);
            } else if (callback instanceof PasswordCallback secret) {
                secret.setPassword(password.toCharArray());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }
}
