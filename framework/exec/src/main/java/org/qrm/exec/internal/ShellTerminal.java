package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.client.channel.ChannelExec;
import org.qrm.api.exec.RemoteCommands;

/** The verb {@code shell} of qrm-execd at a terminal, on a channel of its own. */
final class ShellTerminal implements RemoteCommands.Terminal {

    private static final String VERB = "shell";
    private static final String KIND = "xterm-256color";

    private final ChannelExec channel;

    private ShellTerminal(ChannelExec channel) {
        this.channel = channel;
    }

    /** @param lease released when the shell has ended; given up when it cannot be opened */
    static ShellTerminal open(Connections.Lease lease, int columns, int rows) throws IOException {
        try {
            ChannelExec channel = lease.session().createExecChannel(VERB);
            channel.setUsePty(true);
            channel.setPtyType(KIND);
            channel.setPtyColumns(columns);
            channel.setPtyLines(rows);
            // whoever has no terminal to give says so there
            channel.setRedirectErrorStream(true);
            channel.addCloseFutureListener(future -> lease.release());
            channel.open().verify(SshDialer.PATIENCE);
            return new ShellTerminal(channel);
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
    public void close() {
        channel.close(true);
    }
}
