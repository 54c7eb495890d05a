package org.qrm.login.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.function.Consumer;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the realm from where somebody comes to Karaf's console, and by which key: its SSH server knows, and Karaf does not pass it on.
 * Until a server is seen here its logins count as from an unknown address, and no key opens it; none is unguarded.
 */
@Component(immediate = true)
public final class ConsoleDoor {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleDoor.class);

    /** A program offers all keys that it has before it asks for a password; passwords are the guard's matter. */
    private static final int REQUESTS_PER_CONNECTION = 30;

    /** Fingerprint of the key that was looked at last, if it is one of the user's; whoever then gets in has signed with it. */
    private static final AttributeRepository.AttributeKey<String> KEY = new AttributeRepository.AttributeKey<>();

    private final Guard guard;

    private final SessionListener entries = new SessionListener() {
        @Override
        public void sessionEvent(Session session, Event event) {
            String key = session.getAttribute(KEY);
            if (event == Event.Authenticated && key != null) {
                guard.enteredByKey(session.getUsername(), key, address((ServerSession) session));
            }
        }
    };

    @Activate
    public ConsoleDoor(@Reference Guard guard) {
        this.guard = guard;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void watch(SshServer server) {
        PasswordAuthenticator passwords = server.getPasswordAuthenticator();
        if (passwords != null) {
            server.setPasswordAuthenticator(
                    (name, password, session) -> byPassword(passwords, name, password, session));
        }
        PublickeyAuthenticator keys = server.getPublickeyAuthenticator();
        if (keys != null) {
            server.setPublickeyAuthenticator((name, key, session) -> byKey(keys, name, key, session));
        }
        server.addSessionListener(entries);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, REQUESTS_PER_CONNECTION);
    }

    private static boolean byPassword(
            PasswordAuthenticator karafs, String name, String password, ServerSession session) {
        session.removeAttribute(KEY);
        return Peer.during(address(session), tell(session), () -> karafs.authenticate(name, password, session));
    }

    /** Called when a key is offered, and again, for the same one, when it has signed; only then it opens. */
    private static boolean byKey(PublickeyAuthenticator karafs, String name, PublicKey key, ServerSession session) {
        session.removeAttribute(KEY);
        boolean known = Peer.offering(key, address(session), () -> karafs.authenticate(name, key, session));
        if (known) {
            session.setAttribute(KEY, ConsoleKeys.fingerprint(key));
        }
        return known;
    }

    /** Of a server that stays when this bundle is replaced each login is written down once. */
    void unwatch(SshServer server) {
        server.removeSessionListener(entries);
    }

    /** Before somebody is logged in, this is what a server can say (RFC 4252, 5.4). */
    private static Consumer<String> tell(ServerSession session) {
        return sentence -> {
            try {
                Buffer banner = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_BANNER);
                banner.putString(sentence + "\r\n");
                banner.putString("");
                session.writePacket(banner);
            } catch (IOException e) {
                LOG.debug("{} cannot be told why they are refused", session.getClientAddress(), e);
            }
        };
    }

    private static String address(ServerSession session) {
        SocketAddress peer = session.getClientAddress();
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }
}
