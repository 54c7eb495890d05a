package org.qrm.login.internal;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.AuthenticationException;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLSocketFactory;
import org.qrm.api.TrustedAuthorities;

/** Asks an LDAP directory for a user: looks the name up, binds as whom it found, and looks into the groups. */
record Directory(DirectorySettings settings) {

    /**
     * What a user may do.
     *
     * @return empty for a wrong name or password; without any role for a user that is in none of the groups
     * @throws IOException when the directory, or what is set for it, cannot tell
     */
    Optional<Set<Role>> rolesOf(String name, char[] password) throws NamingException, IOException {
        SSLSocketFactory sockets =
                TrustedAuthorities.of(settings.caCertificate()).getSocketFactory();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        // JNDI finds its own classes, and DirectoryTls, by this one
        Thread.currentThread().setContextClassLoader(Directory.class.getClassLoader());
        DirectoryTls.use(sockets);
        try (DirectoryConnection lookup = DirectoryConnection.open(settings, sockets)) {
            introduce(lookup);
            Optional<String> dn = lookup.only(settings.userBase(), settings.userFilter(), name);
            if (dn.isEmpty() || !accepts(dn.get(), password, sockets)) {
                return Optional.empty();
            }
            Set<Role> roles = EnumSet.noneOf(Role.class);
            for (Map.Entry<Role, LdapName> group : settings.groups().entrySet()) {
                if (lookup.matches(group.getValue(), settings.groupFilter(), dn.get(), name)) {
                    roles.add(group.getKey());
                }
            }
            return Optional.of(roles);
        } finally {
            DirectoryTls.forget();
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private void introduce(DirectoryConnection lookup) throws NamingException, IOException {
        if (settings.bindDn() == null) {
            return;
        }
        try {
            lookup.bind(settings.bindDn(), settings.readBindPassword());
        } catch (AuthenticationException e) {
            throw new IOException("it refuses bindDn, or the password in bindPasswordFile", e);
        }
    }

    private boolean accepts(String dn, char[] password, SSLSocketFactory sockets) throws NamingException, IOException {
        try (DirectoryConnection asUser = DirectoryConnection.open(settings, sockets)) {
            asUser.bind(dn, password);
            return true;
        } catch (AuthenticationException e) {
            return false;
        }
    }
}
