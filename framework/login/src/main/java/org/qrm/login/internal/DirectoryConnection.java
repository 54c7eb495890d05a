package org.qrm.login.internal;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.PartialResultException;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.StartTlsRequest;
import javax.naming.ldap.StartTlsResponse;
import javax.net.ssl.SSLSocketFactory;

/** One connection to the directory, encrypted as the settings say before anything secret is sent. */
final class DirectoryConnection implements AutoCloseable {

    private static final String[] NO_ATTRIBUTES = {"1.1"}; // RFC 4511, 4.5.1.8

    private final LdapContext context;

    private DirectoryConnection(LdapContext context) {
        this.context = context;
    }

    /** @param sockets trust the directory's authority; also what {@link DirectoryTls} has for this thread */
    static DirectoryConnection open(DirectorySettings settings, SSLSocketFactory sockets)
            throws NamingException, IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, String.join(" ", settings.urls()));
        environment.put(Context.SECURITY_AUTHENTICATION, "none");
        environment.put(Context.REFERRAL, "ignore");
        environment.put("java.naming.ldap.version", "3");
        environment.put("com.sun.jndi.ldap.object.trustSerialData", "false");
        String patience = Long.toString(settings.patience().toMillis());
        String each =
                Long.toString(settings.patience().toMillis() / settings.urls().size());
        environment.put("com.sun.jndi.ldap.connect.timeout", each);
        environment.put("com.sun.jndi.ldap.read.timeout", patience);
        if (!settings.startTls() && settings.urls().get(0).startsWith("ldaps:")) {
            environment.put("java.naming.ldap.factory.socket", DirectoryTls.class.getName());
        }
        DirectoryConnection connection = new DirectoryConnection(new InitialLdapContext(environment, null));
        if (settings.startTls()) {
            connection.encrypt(sockets);
        }
        return connection;
    }

    private void encrypt(SSLSocketFactory sockets) throws NamingException, IOException {
        try {
            StartTlsResponse tls = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
            tls.negotiate(sockets);
        } catch (NamingException | IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Authenticates the connection (simple bind).
     *
     * @param password never empty, which the directory would take for an anonymous bind (RFC 4513, 5.1.2)
     * @throws javax.naming.AuthenticationException when the directory refuses name or password
     */
    void bind(String dn, char[] password) throws NamingException {
        if (dn.isEmpty() || password.length == 0) {
            throw new IllegalArgumentException("a bind without a name or a password proves nothing");
        }
        context.addToEnvironment(Context.SECURITY_AUTHENTICATION, "simple");
        context.addToEnvironment(Context.SECURITY_PRINCIPAL, dn);
        context.addToEnvironment(Context.SECURITY_CREDENTIALS, password);
        context.reconnect(null);
    }

    /**
     * The only entry below the base that the filter finds.
     *
     * @param values for {0}, {1}… of the filter; escaped as RFC 4515 has it
     * @return its DN; empty when there is none
     * @throws NamingException also when there is more than one: nobody knows then who was meant
     */
    Optional<String> only(LdapName base, String filter, String... values) throws NamingException {
        return search(base, SearchControls.SUBTREE_SCOPE, filter, values);
    }

    /** Whether there is that entry, and the filter is true of it. */
    boolean matches(LdapName entry, String filter, String... values) throws NamingException {
        try {
            return search(entry, SearchControls.OBJECT_SCOPE, filter, values).isPresent();
        } catch (NameNotFoundException e) {
            return false;
        }
    }

    // objects in entries are never asked for, nor trusted: no attributes, no returningObjFlag, no trustSerialData
    @SuppressWarnings("BanJNDI")
    private Optional<String> search(LdapName base, int scope, String filter, String... values) throws NamingException {
        SearchControls controls = new SearchControls();
        controls.setSearchScope(scope);
        controls.setReturningAttributes(NO_ATTRIBUTES);
        controls.setCountLimit(2);
        controls.setReturningObjFlag(false);
        NamingEnumeration<SearchResult> found = context.search(base, filter, values, controls);
        try {
            if (!hasMore(found)) {
                return Optional.empty();
            }
            String dn = found.next().getNameInNamespace();
            if (hasMore(found)) {
                throw new NamingException("more than one entry below " + base + " has that name");
            }
            return Optional.of(dn);
        } finally {
            found.close();
        }
    }

    /** A directory that refers to others at the end (Active Directory does) has said all that it knows. */
    private static boolean hasMore(NamingEnumeration<SearchResult> found) throws NamingException {
        try {
            return found.hasMore();
        } catch (PartialResultException e) {
            return false;
        }
    }

    @Override
    public void close() throws NamingException {
        context.close();
    }
}
