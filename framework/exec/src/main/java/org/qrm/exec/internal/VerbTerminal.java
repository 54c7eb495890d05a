package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.client.channel.ChannelExec;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A verb of qrm-execd at a terminal, on a channel of its own. */
final class VerbTerminal implements Terminal {

    private static final Logger LOG = LoggerFactory.getLogger(VerbTerminal.class);
    private static final String KIND = "xterm-256color";

    private final ChannelExec channel;

    private VerbTerminal(ChannelExec channel) {
        this.channel = channel;
    }

    /** @param lease released when the verb has ended; given up when it cannot be opened */
    static VerbTerminal open(Connections.Lease lease, String line, TerminalSize size) throws IOException {
        try {
            ChannelExec channel = lease.session().createExecChannel(line);
            channel.setUsePty(true);
            channel.setPtyType(KIND);
            channel.setPtyColumns(size.columns());
            channel.setPtyLines(size.rows());
            // whoever has no terminal to give says so there
            channel.setRedirectErrorStream(true);
            channel.addCloseFutureListener(future -> lease.release());
            channel.open().verify(SshDialer.PATIENCE);
            return new VerbTerminal(channel);
        } catch (IOException broken) {
            lease.discard();
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
        // "immediately" would tell the machine nothing: what runs there would go on until the connection ends
        channel.close(false);
    }
}
