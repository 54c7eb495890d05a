package org.qrm.rest.internal.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
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

    /** A shell that answers what is typed in capitals, and ends with {@code exit}. */
    @Override
    public Terminal openTerminal(long resource, int columns, int rows) {
        try {
            PipedInputStream output = new PipedInputStream(1_000_000);
            PipedOutputStream writes = new PipedOutputStream(output);
            writes.write((columns + "x" + rows + "\r\n").getBytes(StandardCharsets.UTF_8));
            return new Terminal() {
                @Override
                public OutputStream input() {
                    return new OutputStream() {
                        @Override
                        public void write(int one) {
                            throw new UnsupportedOperationException();
                        }

                        @Override
                        public void write(byte[] typed) throws IOException {
                            String text = new String(typed, StandardCharsets.UTF_8);
                            writes.write(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
                            writes.flush();
                            if (text.equals("exit")) {
                                writes.close();
                            }
                        }
                    };
                }

                @Override
                public InputStream output() {
                    return output;
                }

                @Override
                public void close() {
                    hungUp.incrementAndGet();
                    try {
                        writes.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String offeredHostKey(String address, int port) {
        throw new UnsupportedOperationException();
    }
}
