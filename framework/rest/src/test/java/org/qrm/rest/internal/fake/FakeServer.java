package org.qrm.rest.internal.fake;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.server.ServerSettings;

/** Settings of a server that has a key of its own. */
final class FakeServer implements ServerSettings, RemoteCommands {

    final AtomicInteger hungUp = new AtomicInteger();

    @Override
    public String address() {
        return "10.77.0.1";
    }

    @Override
    public int httpPort() {
        return 8080;
    }

    @Override
    public int httpsPort() {
        return 8443;
    }

    @Override
    public Path dataDirectory() {
        return Path.of("data");
    }

    @Override
    public Path homeDirectory() {
        return Path.of("home");
    }

    @Override
    public String databaseUrl() {
        return "jdbc:secret";
    }

    @Override
    public Path caCertificate() {
        return Path.of("ca.pem");
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public String authorizedKey() {
        return "ecdsa-sha2-nistp256 AAAA qrm";
    }

    @Override
    public CommandResult run(SshHost host, Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CommandResult runOnMachine(long resource, Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session open(SshHost host, List<String> words, Duration timeLimit, Consumer<String> progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Terminal openTerminal(long resource, List<String> words, TerminalSize size) {
        return new FakeTerminal(String.join(" ", words), size, hungUp);
    }

    @Override
    public String offeredHostKey(String address, int port) {
        throw new UnsupportedOperationException();
    }
}
