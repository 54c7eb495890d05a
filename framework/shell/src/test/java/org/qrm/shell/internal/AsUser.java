package org.qrm.shell.internal;

import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.Callable;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;

/** Runs commands as Karaf's console does. */
final class AsUser {

    private AsUser() {}

    /** As ann, with those roles. */
    static Object run(Callable<Object> command, String... roles) throws Exception {
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal("ann"));
        for (String role : roles) {
            subject.getPrincipals().add(new RolePrincipal(role));
        }
        try {
            return Subject.doAs(subject, (PrivilegedExceptionAction<Object>) command::call);
        } catch (PrivilegedActionException e) {
            throw e.getException();
        }
    }
}
