package org.qrm.login.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the realm from where somebody comes to Karaf's console: its SSH server knows, and Karaf does not pass it on.
 * Until a server is seen here its logins count as from an unknown address; none is unguarded.
 */
@Component(immediate = true)
public final class ConsoleDoor {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleDoor.class);

    /** As OpenSSH has it (sshd_config, MaxAuthTries). */
    private static final int TRIES_PER_CONNECTION = 6;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void watch(SshServer server) {
        PasswordAuthenticator karafs = server.getPasswordAuthenticator();
        if (karafs != null) {
            server.setPasswordAuthenticator((name, password, session) ->
                    Peer.during(address(session), tell(session), () -> karafs.authenticate(name, password, session)));
        }
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, TRIES_PER_CONNECTION);
    }

    /** A server that goes needs nothing. */
    void unwatch(SshServer server) {
        // its connections end with it
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
