package org.qrm.shell.internal;

import java.security.AccessController;
import java.security.Principal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;
import org.qrm.commands.Caller;

/**
 * Who runs a command: the subject that Karaf's console, and its SSH server, run it as.
 *
 * @param name empty when nobody logged in
 * @param roles names of roles
 */
record CommandUser(String name, Set<String> roles) {

    // Karaf 4.4 hands its subject on this way only; Java 17 has no other yet
    @SuppressWarnings("removal")
    static CommandUser current() {
        Subject subject = Subject.getSubject(AccessController.getContext());
        if (subject == null) {
            return new CommandUser("", Set.of());
        }
        String name = subject.getPrincipals(UserPrincipal.class).stream()
                .map(Principal::getName)
                .findFirst()
                .orElse("");
        return new CommandUser(
                name,
                subject.getPrincipals(RolePrincipal.class).stream()
                        .map(Principal::getName)
                        .collect(Collectors.toSet()));
    }

    /**
     * The same, as who asks.
     *
     * @throws QrmException FORBIDDEN for a user without any role here
     */
    Caller caller() {
        return Arrays.stream(Role.values())
                .filter(role -> roles.contains(role.name().toLowerCase(Locale.ROOT)))
                .reduce((one, other) -> one.covers(other) ? one : other)
                .map(role -> new Caller(name, role, Caller.Means.CONSOLE))
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.FORBIDDEN, "run the command", name, "no role is known here", "Log in.")));
    }
}
