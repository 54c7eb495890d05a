package org.qrm.api.exec;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Commands on other machines, over SSH with the server's own key.
 *
 * <p>Failures to get there are {@link org.qrm.api.QrmException}s of kind UNREACHABLE, FORBIDDEN (our key
 * is not accepted, with the line to install; or the host key is another than the pinned one) or TIMEOUT. A command that
 * ran and failed is no exception: look at its exit status. An interrupt ends the command.
 */
@ProviderType
public interface RemoteCommands {

    /** The line for {@code authorized_keys} that lets this server in: {@code ecdsa-sha2-nistp256 AAAA… qrm}. */
    String authorizedKey();

    /** Runs a command on a host; the words are quoted for its shell. */
    CommandResult run(SshHost host, Command command);

    /**
     * Runs a verb of qrm-execd on a machine that has registered; its first word is the verb ({@code xen/list}).
     *
     * @param resource id of the resource; address, port and host key are those of its last registration
     */
    CommandResult runOnMachine(long resource, Command command);

    /**
     * Opens a command whose three streams the caller serves, as pipes between two hosts need.
     *
     * @param timeLimit after which it is ended
     */
    Session open(SshHost host, List<String> words, Duration timeLimit, Consumer<String> progress);

    /**
     * Opens a terminal on a machine that has registered, and runs a verb of qrm-execd at it.
     *
     * @param resource id of the resource
     * @param words the verb and its arguments; {@code shell} is a login shell of root in what the machine runs
     */
    Terminal openTerminal(long resource, List<String> words, TerminalSize size);

    /** The host key that a host offers now, {@code type base64}; not verified. */
    String offeredHostKey(String address, int port);

    /** A running command. */
    interface Session extends AutoCloseable {
        /** What it reads. */
        OutputStream input();

        /** What it writes. */
        InputStream output();

        /** Waits for its end and answers its exit status. */
        int await() throws InterruptedException;

        /** Ends it if it still runs. */
        @Override
        void close();
    }
}
