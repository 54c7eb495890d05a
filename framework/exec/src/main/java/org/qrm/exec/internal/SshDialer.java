package org.qrm.exec.internal;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.qrm.api.exec.SshHost;

/** Opens connections as root with the server's key, to hosts that have the pinned host key. */
final class SshDialer implements Connections.Dialer, AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A host under load answers at once that it is there, and takes its time for the rest. */
    private static final Duration FOR_LOGIN = Duration.ofSeconds(20);

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final int MISSED_KEEP_ALIVES = 3;

    private static final AttributeKey<Introduction> INTRODUCTION = new AttributeKey<>();

    private final SshClient client;
    private final ServerKey key;

    SshDialer(ServerKey key) {
        this.key = key;
        this.client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(key.pair()));
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        client.setServerKeyVerifier(
                (session, address, offered) -> introduction(session).accepts(offered));
        client.setCipherFactories(fastestFirst(client.getCipherFactories()));
        client.addSessionListener(new AskForPinnedType());
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, KEEP_ALIVE);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, MISSED_KEEP_ALIVES);
        // How long one write may wait for the other end to read: the command's own limit decides, not this.
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(client, Duration.ofHours(25));
        client.start();
    }

    @Override
    public ClientSession dial(SshHost host) throws IOException {
        Introduction introduction = new Introduction(
                host.hostKey() == null ? null : HostKey.parse(host.hostKey()), new CompletableFuture<>());
        ClientSession session = connected(host, introduction);
        try {
            session.auth().verify(FOR_LOGIN);
            return session;
        } catch (IOException failure) {
            session.close(true);
            throw explained(host, introduction, failure);
        }
    }

    /** The host key that is offered, without logging in. */
    HostKey offered(SshHost host) throws IOException {
        Introduction introduction = new Introduction(null, new CompletableFuture<>());
        ClientSession session = connected(host, introduction);
        try {
            return introduction.offered.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            throw SshProblems.interrupted(host, "ask for the host key");
        } catch (ExecutionException | TimeoutException silent) {
            throw SshProblems.unreachable(host, new IOException("it offered no host key within 10 s", silent));
        } finally {
            session.close(true);
        }
    }

    @Override
    public void close() {
        client.close(true).awaitUninterruptibly(PATIENCE);
    }

    private ClientSession connected(SshHost host, Introduction introduction) throws IOException {
        AttributeRepository context = AttributeRepository.ofKeyValuePair(INTRODUCTION, introduction);
        try {
            return client.connect("root", host.address(), host.port(), context, null)
                    .verify(PATIENCE)
                    .getSession();
        } catch (IOException failure) {
            if (SshProblems.isInterrupt(failure)) {
                throw failure;
            }
            throw SshProblems.unreachable(host, failure);
        }
    }

    private RuntimeException explained(SshHost host, Introduction introduction, IOException failure)
            throws IOException {
        if (SshProblems.isInterrupt(failure)) {
            throw failure;
        }
        HostKey offered = introduction.offered.getNow(null);
        if (offered == null) {
            return SshProblems.unreachable(host, failure);
        }
        if (introduction.pinned != null && !introduction.pinned.sameAs(offered)) {
            return SshProblems.otherHostKey(host, introduction.pinned, offered);
        }
        boolean refused = String.valueOf(failure.getMessage()).contains("No more authentication methods");
        return refused
                ? SshProblems.keyNotAccepted(host, key.authorizedKey(), failure)
                : SshProblems.unreachable(host, failure);
    }

    /** The processor helps with AES in GCM; ChaCha20, which MINA prefers, takes twice the time in Java. */
    private static List<NamedFactory<Cipher>> fastestFirst(List<NamedFactory<Cipher>> all) {
        return all.stream()
                .sorted(Comparator.comparing(each -> !each.getName().endsWith("gcm@openssh.com")))
                .toList();
    }

    private static Introduction introduction(ClientSession session) {
        return session.getConnectionContext().getAttribute(INTRODUCTION);
    }

    /**
     * What is known of a host and what it says of itself.
     *
     * @param pinned the key it must have, or null for any
     */
    private record Introduction(HostKey pinned, CompletableFuture<HostKey> offered) {
        boolean accepts(PublicKey key) {
            HostKey shown = new HostKey(key);
            offered.complete(shown);
            return pinned == null || pinned.sameAs(shown);
        }
    }

    /** A host with keys of several types offers the one that is asked for first. */
    private static final class AskForPinnedType implements SessionListener {
        @Override
        public void sessionCreated(Session session) {
            if (session instanceof ClientSession client) {
                HostKey pinned = introduction(client).pinned();
                if (pinned != null) {
                    client.setSignatureFactories(pinned.preferredAmong(client.getSignatureFactories()));
                }
            }
        }
    }
}
