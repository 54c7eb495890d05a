package org.qrm.api.exec;

import java.util.Objects;

/**
 * A machine that is reached over SSH as root: a storage server, a source system.
 *
 * @param address IPv4 address or host name
 * @param port TCP port, 22 usually
 * @param hostKey the only host key that is accepted ({@code type base64}); null accepts whatever is offered, and the
 *     caller pins it ({@link RemoteCommands#offeredHostKey})
 */
public record SshHost(String address, int port, String hostKey) {
    public SshHost {
        Objects.requireNonNull(address);
    }
}
