package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.session.ClientSession;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A verb of qrm-execd at a terminal, on a connection of its own: dropbear keeps the terminal of a channel that is closed
 * until the verb has ended by itself, and hangs up only with the connection.
 */
final class VerbTerminal implements Terminal {

    private static final Logger LOG = LoggerFactory.getLogger(VerbTerminal.class);
    private static final String KIND = "xterm-256color";

    private final ClientSession connection;
    private final ChannelExec channel;

    private VerbTerminal(ClientSession connection, ChannelExec channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /** @param connection closed when the verb has ended, or cannot be opened */
    static VerbTerminal open(ClientSession connection, String line, TerminalSize size) throws IOException {
        try {
            ChannelExec channel = connection.createExecChannel(line);
            channel.setUsePty(true);
            channel.setPtyType(KIND);
            channel.setPtyColumns(size.columns());
            channel.setPtyLines(size.rows());
            // whoever has no terminal to give says so there
            channel.setRedirectErrorStream(true);
            channel.addCloseFutureListener(future -> connection.close(false));
            channel.open().verify(SshDialer.PATIENCE);
            return new VerbTerminal(connection, channel);
        } catch (IOException broken) {
            connection.close(true);
            throw broken;
        }
    }

    @Override
    public OutputStream input() {
        return channel.getInvertedIn();
    }

    @Override
    public InputStream output() {
        return channel.getInvertedOut();
    }

    @Override
    public void resize(TerminalSize size) {
        try {
            channel.sendWindowChange(size.columns(), size.rows());
        } catch (IOException gone) {
            LOG.debug("A terminal is gone, and keeps its size: {}", gone.toString());
        }
    }

    @Override
    public void close() {
        connection.close(true);
    }
}
