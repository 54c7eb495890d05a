package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Clock;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a password with the users file, and that of a name which is not in it with the site's directory; gives the
 * subject its roles. One object per attempt, as JAAS has it.
 */
public final class PasswordLogin implements LoginModule {

    /** Option: path of the users file. */
    static final String USERS = "users";

    private static final String DIRECTORY_SETTINGS = "ldap.properties";
    private static final Logger LOG = LoggerFactory.getLogger(PasswordLogin.class);
    private static final KnownPasswords KNOWN = new KnownPasswords();
    private static final DirectoryUsers DIRECTORY = new DirectoryUsers(Clock.systemUTC());
    /** What a name that does not exist is compared with, so that it takes as long as one that does. */
    private static final PasswordHash NOBODY = PasswordHash.of(new char[] {'-'});

    private final Set<Principal> principals = new HashSet<>();
    private Subject subject;
    private CallbackHandler callbacks;
    private UsersFile users;

    @Override
    public void initialize(
            Subject newSubject, CallbackHandler handler, Map<String, ?> sharedState, Map<String, ?> options) {
        subject = newSubject;
        callbacks = handler;
        users = new UsersFile(Path.of((String) options.get(USERS)));
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
        Set<Role> roles = verified(name.getName(), secret);
        password.clearPassword();
        principals.add(new UserPrincipal(name.getName()));
        for (Role role : roles) {
            role.principals().forEach(text -> principals.add(new RolePrincipal(text)));
        }
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

    private Set<Role> verified(String name, char[] password) throws LoginException {
        Optional<UsersFile.User> user = inFile(name);
        Optional<Set<Role>> roles = user.isPresent() ? ofFile(user.get(), password) : ofDirectory(name, password);
        return roles.orElseThrow(() -> {
            boolean possible = DirectoryUsers.NAME.matcher(name).matches();
            LOG.warn("Login refused for {}", possible ? name : "a name that is none");
            return new FailedLoginException("name or password is wrong");
        });
    }

    private Optional<Set<Role>> ofFile(UsersFile.User user, char[] password) {
        return KNOWN.check(user.password(), password) ? Optional.of(user.roles()) : Optional.empty();
    }

    private Optional<UsersFile.User> inFile(String name) throws LoginException {
        try {
            return users.user(name);
        } catch (IOException e) {
            LOG.error("Nobody can log in: cannot read {}", users.path(), e);
            throw failure("the server cannot read its users", e);
        }
    }

    /** Of a name that the file has not: what the file says of a name, nobody else may say. */
    private Optional<Set<Role>> ofDirectory(String name, char[] password) throws LoginException {
        KNOWN.check(NOBODY, password);
        try {
            return DIRECTORY.rolesOf(users.path().resolveSibling(DIRECTORY_SETTINGS), name, password);
        } catch (IOException e) {
            throw failure("the server cannot ask the directory", e);
        }
    }

    private static LoginException failure(String message, Exception cause) {
        LoginException failure = new LoginException(message);
        failure.initCause(cause);
        return failure;
    }
}
