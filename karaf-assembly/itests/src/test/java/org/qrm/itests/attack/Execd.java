package org.qrm.itests.attack;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.UnknownCommand;

/** The qrm-execd of a machine that is up, whatever else it does or does not. It knows no verb, which is an answer, too. */
final class Execd implements AutoCloseable {

    private final SshServer server = SshServer.setUpDefaultServer();
    private final String hostKey;

    /** @param address of this host, but not of loopback, which no machine has */
    Execd(String address) throws IOException, GeneralSecurityException {
        KeyPair key = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        hostKey = PublicKeyEntry.toString(key.getPublic());
        server.setHost(address);
        server.setKeyPairProvider(KeyPairProvider.wrap(key));
        server.setPublickeyAuthenticator((user, offered, session) -> user.equals("root"));
        server.setCommandFactory((channel, line) -> new UnknownCommand(line));
        server.start();
    }

    /** An address of this host that a machine can have. */
    static Optional<String> address() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                .map(each -> each.getHostAddress())
                .findFirst();
    }

    String hostKey() {
        return hostKey;
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
